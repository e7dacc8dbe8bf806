"""Whom a comment names, who hears of it, how often by mail, and who never does."""

import pytest
from django.utils import timezone

from allmende.comments import actions, tasks
from allmende.comments.models import Comment, Following, Mention
from allmende.directory.models import Organisation
from allmende.exchange.models import Listing
from allmende.ground import queue
from allmende.ground.models import Letter
from allmende.people.models import MailChoice, Notice, Person
from tests.comments.conftest import as_, chosen_only, keeper, page_of, person, says


def told() -> list[tuple[str, str]]:
    """Who was told what, in order; all forgotten afterwards."""
    queue.run_all()
    found = sorted(Notice.objects.filter(kind__startswith="comments.").values_list("person__name", "kind"))
    Notice.objects.all().delete()
    return [(name, kind.removeprefix("comments.")) for name, kind in found]


# ------------------------------------------------------------------------------------------------------------- naming


def test_an_organisation_is_named_by_its_address_and_becomes_a_link(offer: Listing, werk: Organisation, ben: Person) -> None:
    clara = keeper(werk, "clara")
    says(ben, offer, "Vielleicht @werk-eg? `@werk-eg` [@werk-eg](https://werk.example/@werk-eg) post@werk-eg.example")
    assert Mention.objects.get().organisation == werk
    page = as_(None).get(page_of(offer)).content.decode()
    assert page.count('<a href="/o/werk-eg/">@Werk eG</a>') == 1
    assert "<code>@werk-eg</code>" in page
    assert (clara.name, "mentioned") in told()


def test_what_is_not_on_the_map_is_not_named(offer: Listing, werk: Organisation, ben: Person) -> None:
    Organisation.objects.filter(pk=werk.pk).update(state="draft")
    says(ben, offer, "@werk-eg und @gibt-es-nicht")
    assert not Mention.objects.exists()
    Organisation.objects.filter(pk=werk.pk).update(state="published")
    says(ben, offer, "Jetzt @werk-eg")
    Organisation.objects.filter(pk=werk.pk).update(state="archived")
    page = as_(None).get(page_of(offer)).content.decode()
    assert "Jetzt @werk-eg" in page and "Werk eG" not in page


def test_people_are_named_who_take_part_in_their_own_name(offer: Listing, haus: Organisation, anna: Person, ben: Person) -> None:
    says(anna, offer, "Wir verleihen es.", organisation=haus)
    says(ben, offer, "Gern.")
    person("clara")
    says(anna, offer, "@Ben, @Anna, @Clara und @Benno?")
    assert list(Mention.objects.values_list("word", "person")) == [("Ben", ben.pk)]
    page = as_(None).get(page_of(offer)).content.decode()
    assert "<b>@Ben</b>, @Anna, @Clara und @Benno?" in page
    hints = as_(anna).get(page_of(offer)).content.decode()
    assert "<code>@Ben</code>" in hints and "<code>@haus-eg</code>" in hints


def test_a_name_with_signs_stays_harmless(offer: Listing, ben: Person) -> None:
    odd = person("odd", called="<img src=x onerror=alert(1)> & Co.*")
    says(odd, offer, "Ich bin es.")
    says(ben, offer, "@<img src=x onerror=alert(1)> & Co.*")
    page = as_(None).get(page_of(offer)).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; Co." in page


def test_letters_that_only_look_alike_are_left_as_they_are(offer: Listing, haus: Organisation, ben: Person) -> None:
    says(ben, offer, "@HAUS-eg und @hauſ-eg")
    page = as_(None).get(page_of(offer)).content.decode()
    assert '<a href="/o/haus-eg/">@Haus eG</a> und @hauſ-eg' in page


def test_ten_names_are_enough(offer: Listing, ben: Person) -> None:
    for number in range(12):
        Organisation.objects.create(name=f"Nummer {number}", slug=f"nummer-{number}")
    says(ben, offer, " ".join(f"@nummer-{number}" for number in range(12)))
    assert Mention.objects.count() == 10


# ------------------------------------------------------------------------------------------------------------- telling


def test_whom_it_concerns_hears_of_it_and_the_author_does_not(offer: Listing, anna: Person, ben: Person) -> None:
    first = says(ben, offer)
    assert told() == [("Anna", "written")]
    says(anna, offer, "Ja.", parent=first.pk)
    assert told() == [("Ben", "answered")]
    clara = person("clara")
    says(clara, offer, "Und ich? @Ben")
    assert told() == [("Anna", "written"), ("Ben", "mentioned")]


def test_a_team_hears_of_answers_to_its_organisation(offer: Listing, werk: Organisation, ben: Person) -> None:
    clara, dora = keeper(werk, "clara"), keeper(werk, "dora")
    first = says(clara, offer, organisation=werk)
    told()
    says(ben, offer, "Nein.", parent=first.pk)
    assert told() == [("Clara", "answered"), ("Dora", "answered")]
    assert dora.name == "Dora"


def test_nobody_hears_of_what_they_may_not_see(offer: Listing, haus: Organisation, werk: Organisation, anna: Person, ben: Person) -> None:
    keeper(werk, "clara")
    says(ben, offer)
    told()
    chosen_only(offer, haus)
    says(anna, offer, "Nur für uns: @werk-eg @Ben")
    assert told() == []


def test_blocked_people_hear_nothing(offer: Listing, anna: Person, ben: Person) -> None:
    Person.objects.filter(pk=anna.pk).update(is_active=False)
    says(ben, offer)
    assert told() == []


def test_one_follows_and_stops_following(offer: Listing, anna: Person, ben: Person) -> None:
    clara = person("clara")
    follow = f"{page_of(offer)}folgen/"
    assert as_(clara).post(follow, {"folgen": "ja"}).headers["Location"] == f"{page_of(offer)}#kommentare"
    as_(anna).post(follow, {"folgen": "nein"})
    says(ben, offer)
    assert told() == [("Clara", "written")]
    as_(clara).post(follow, {"folgen": "nein"})
    first = says(clara, offer, "Einmal noch")
    told()
    says(ben, offer, "Antwort", parent=first.pk)
    assert told() == []
    says(ben, offer, "Aber @Clara, hör doch")
    assert told() == [("Clara", "mentioned")]
    assert as_(None).post(follow, {"folgen": "ja"}).status_code == 302  # to sign in
    assert as_(clara).get(follow).status_code == 405


def test_only_one_mail_until_one_has_looked(offer: Listing, anna: Person, ben: Person) -> None:
    for number in range(3):
        says(ben, offer, f"Nummer {number}")
    queue.run_all()
    assert Letter.objects.filter(person=anna).count() == 1
    assert Notice.objects.filter(person=anna).count() == 3
    assert Following.objects.get(person=anna).mailed_at is not None
    as_(ben).get(page_of(offer))
    says(ben, offer, "Nummer 3")
    queue.run_all()
    assert Letter.objects.filter(person=anna).count() == 1
    as_(anna).get(page_of(offer))
    assert Following.objects.get(person=anna).mailed_at is None
    says(ben, offer, "Nummer 4")
    queue.run_all()
    assert Letter.objects.filter(person=anna).count() == 2


def test_mails_about_comments_can_be_switched_off(offer: Listing, anna: Person, ben: Person) -> None:
    MailChoice.objects.create(person=anna, area="comments", by_mail=False)
    says(ben, offer)
    queue.run_all()
    assert (Letter.objects.filter(person=anna).count(), Notice.objects.filter(person=anna).count()) == (0, 1)


def test_telling_twice_tells_once(offer: Listing, anna: Person, ben: Person) -> None:
    said = says(ben, offer)
    queue.run_all()
    assert tasks.tell_of_comment.call(said.pk) == 0
    Person.objects.filter(pk=anna.pk).update(language="en")
    assert tasks.tell_of_comment.call(said.pk) == 0
    assert tasks.tell_of_comment.call(0) == 0


def test_nobody_hears_of_what_was_taken_back_meanwhile(offer: Listing, anna: Person, ben: Person) -> None:
    said = says(ben, offer)
    told()
    Comment.objects.update(deleted_at=timezone.now())
    assert tasks.tell_of_comment.call(said.pk) == 0
    offer.delete()
    Comment.objects.update(deleted_at=None)
    assert tasks.tell_of_comment.call(said.pk) == 0


def test_who_is_newly_named_by_a_change_is_told(offer: Listing, werk: Organisation, anna: Person, ben: Person) -> None:
    keeper(werk, "clara")
    said = says(ben, offer)
    told()
    actions.change_comment(said, "Gern dabei, mit @werk-eg.", by=ben)
    assert told() == [("Clara", "mentioned")]


def test_letters_are_in_the_readers_language_and_quote_the_beginning(offer: Listing, anna: Person, ben: Person) -> None:
    Person.objects.filter(pk=anna.pk).update(language="en")
    says(ben, offer, "**Wort** " * 200)
    queue.run_all()
    notice = Notice.objects.get(person=anna)
    assert notice.subject == "Comment by Ben: Lastenrad zu leihen"
    assert notice.text.startswith("Wort Wort") and len(notice.text) < 400
    assert notice.path == f"/en/kommentare/{Comment.objects.get().uuid}/"


@pytest.mark.parametrize("room", ["comments"])
def test_the_area_has_a_name(room: str) -> None:
    from allmende.people.personal import ANNOUNCED

    assert room in ANNOUNCED

"""Deciding field by field, what the entry says afterwards, and what whoever suggested it hears."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory import actions as directory
from allmende.directory import queries as directory_queries
from allmende.directory.models import Organisation, Role, State
from allmende.ground.models import Entry, Letter
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.suggestions import actions
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Suggestion
from tests.cast import organisation, term
from tests.suggestions.conftest import as_, filled, person, send, steward_of

pytestmark = pytest.mark.django_db


def suggested(item: Organisation, fields: dict[str, Any], contact: str = "", by: Person | None = None, **more: Any) -> Suggestion:
    return actions.suggest_change(item, fields, by=Writer(uuid4(), by, contact), **more)


def door(found: Suggestion) -> str:
    return f"/vorschlag/{found.uuid}/pruefen/"


def decide(who: Person, found: Suggestion, **said: str) -> Any:
    return send(as_(who), door(found), **said)


def fresh(item: Any) -> Any:
    item.refresh_from_db()
    return item


def test_one_field_is_accepted_one_declined(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, {"summary": "Ein großes Haus.", "website": "https://anders.example"}, "anna@example.org")
    answer = decide(steward, found, take_summary="yes", take_website="no", answer="Die Seite ist noch die alte.")
    assert (answer.status_code, answer["Location"]) == (302, door(found))
    assert (fresh(haus).summary, haus.website) == ("Ein großes Haus.", "https://haus.example")
    assert (fresh(found).state, found.taken, found.decided_by, found.contact) == ("partly", ["summary"], steward, "")
    assert found.revision is not None
    assert (found.revision.after, found.revision.set.by) == ({"summary": "Ein großes Haus."}, steward)


def test_whoever_left_an_address_hears_of_it_and_the_address_is_forgotten(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, {"summary": "Ein großes Haus.", "website": "https://anders.example"}, "anna@example.org")
    decide(steward, found, take_summary="yes", take_website="no", answer="Die Seite ist noch die alte.")
    letter = Letter.objects.get(to="anna@example.org")
    assert (letter.kind, letter.language) == ("suggestions.decided", "de")
    # Whose mailbox this is nobody knows: who decides on suggestions to an entry of their own must not write into it through us.
    assert "Die Seite ist noch die alte." not in letter.body
    status = re.search(rf"/vorschlag/{found.uuid}/\S+", letter.body)
    assert status is not None and "Die Seite ist noch die alte." in Client().get(status[0]).content.decode()
    assert not Suggestion.objects.exclude(contact="").exists()


def test_the_answer_comes_in_the_language_of_the_question(haus: Organisation, steward: Person) -> None:
    answer = send(Client(), "/en/o/haus-eg/vorschlagen/", name="New eG", contact="anna@example.org")
    assert answer.status_code == 302
    decide(steward, Suggestion.objects.get(), take_name="yes")
    letter = Letter.objects.get(to="anna@example.org")
    assert letter.language == "en"
    assert "/en/vorschlag/" in letter.body
    assert letter.subject == "Your suggestion for Haus eG: accepted"


def test_who_was_signed_in_is_told_in_the_house(haus: Organisation, steward: Person) -> None:
    stranger = person("stranger")
    found = suggested(haus, {"name": "Neu eG"}, by=stranger)
    decide(steward, found, take_name="no")
    notice = Notice.objects.get(person=stranger)
    assert (notice.kind, fresh(found).state) == ("suggestions.decided", "declined")
    assert notice.path.startswith(f"/vorschlag/{found.uuid}/")
    assert as_(stranger).get(notice.path).status_code == 200


def test_a_value_can_be_mended_before_it_is_accepted(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, {"summary": "ein grosses haus"})
    decide(steward, found, take_summary="yes", summary="Ein großes Haus.")
    assert (fresh(haus).summary, fresh(found).state) == ("Ein großes Haus.", "accepted")


def test_what_is_accepted_must_be_right_what_is_declined_need_not(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, {"website": "https://a.example", "name": "Neu eG"})
    wrong = decide(steward, found, take_website="yes", website="quatsch", take_name="no", name="")
    assert list(wrong.context["form"].errors) == ["website"]
    assert decide(steward, found, take_website="no", website="quatsch", take_name="yes").status_code == 302
    assert (fresh(haus).name, haus.website) == ("Neu eG", "https://haus.example")


def test_nothing_is_chosen_beforehand_and_nothing_left_out(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, {"summary": "Ein großes Haus.", "name": "Neu eG"})
    page = as_(steward).get(door(found))
    assert b"checked" not in page.content
    assert list(decide(steward, found, take_summary="yes").context["form"].errors) == ["take_name"]
    assert fresh(found).state == "open"


def test_an_address_is_moved_with_its_point(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, {"town": "Potsdam", "postcode": "14467"})
    decide(steward, found, take_seat="yes", street="Am Markt 1")
    place = haus.places.get()
    assert (place.street, place.postcode, place.town, place.country, place.is_seat) == ("Am Markt 1", "14467", "Potsdam", "DE", True)
    assert (place.region, place.precision) == ("Brandenburg", "postcode")
    assert place.lat == pytest.approx(52.4, abs=0.05)


def test_an_entry_without_a_place_gets_one(steward: Person) -> None:
    item = organisation("Online eG")
    steward_of(item)
    found = suggested(item, {"town": "Hamburg", "country": "DE"})
    decide(steward, found, take_seat="yes")
    assert [(one.town, one.region, one.is_seat) for one in item.places.all()] == [("Hamburg", "Hamburg", True)]


def test_another_sector_takes_the_place_of_the_old_one(haus: Organisation, steward: Person) -> None:
    haus.terms.add(term("sector", "energy"))
    term("sector", "food")
    found = suggested(haus, {"sector": "food"})
    decide(steward, found, take_sector="yes")
    assert (fresh(haus).sector.key, sorted(one.key for one in haus.terms.all())) == ("food", ["energy", "food"])


def test_years_words_and_emptied_fields(haus: Organisation, steward: Person) -> None:
    term("legal_form", "eg")
    found = suggested(haus, {"founded": 1999, "ended": 2025, "legal_form": "eg", "website": ""})
    decide(steward, found, take_founded="yes", take_ended="yes", take_legal_form="yes", take_website="yes")
    assert (fresh(haus).founded, haus.ended, haus.legal_form.key, haus.website) == (1999, 2025, "eg", "")


def test_a_remark_is_settled_or_not(haus: Organisation, steward: Person) -> None:
    one, two = suggested(haus, {}, remark="Eins."), suggested(haus, {}, remark="Zwei.")
    decide(steward, one, take_all="yes")
    decide(steward, two, take_all="no")
    assert (fresh(one).state, fresh(two).state) == ("accepted", "declined")


def test_what_was_changed_meanwhile_is_shown_and_the_later_choice_counts(haus: Organisation, steward: Person) -> None:
    base = directory_queries.newest_revision(haus.pk)
    directory.edit_organisation(haus, {"summary": "Erster Stand."}, by=steward, base=base)
    found = suggested(haus, {"summary": "Von außen."})
    directory.edit_organisation(haus, {"summary": "Von innen."}, by=steward, base=directory_queries.newest_revision(haus.pk))
    page = as_(steward).get(door(found))
    unit = page.context["comparison"].units[0]
    assert (unit.then, unit.now, unit.proposed, unit.has_changed) == ("Erster Stand.", "Von innen.", "Von außen.", True)
    decide(steward, found, take_summary="yes")
    assert fresh(haus).summary == "Von außen."


def test_a_change_between_looking_and_deciding_is_a_conflict_and_nothing_is_written(haus: Organisation, steward: Person) -> None:
    directory.edit_organisation(haus, {"keywords": ["a"]}, by=steward, base=0)
    found = suggested(haus, {"summary": "Von außen.", "name": "Neu eG"})
    client = as_(steward)
    said = filled(client, door(found), take_summary="yes", take_name="yes")
    directory.edit_organisation(haus, {"summary": "Von innen."}, by=steward, base=directory_queries.newest_revision(haus.pk))
    answer = client.post(door(found), said)
    assert (answer.status_code, answer.context["is_outdated"]) == (200, True)
    assert (fresh(haus).summary, haus.name, fresh(found).state) == ("Von innen.", "Haus eG", "open")
    assert answer.context["comparison"].units[1].now == "Von innen."
    again = {**said, "seen": str(answer.context["comparison"].seen)}
    assert client.post(door(found), again).status_code == 302
    assert fresh(haus).summary == "Von außen."


def test_a_change_of_another_field_meanwhile_stays(haus: Organisation, steward: Person) -> None:
    directory.edit_organisation(haus, {"keywords": ["a"]}, by=steward, base=0)
    found = suggested(haus, {"summary": "Von außen."})
    client = as_(steward)
    said = filled(client, door(found), take_summary="yes")
    directory.edit_organisation(haus, {"name": "Neu eG"}, by=steward, base=directory_queries.newest_revision(haus.pk))
    client.post(door(found), said)
    assert (fresh(haus).summary, haus.name) == ("Von außen.", "Neu eG")


def test_the_second_to_decide_hears_of_the_first(haus: Organisation, steward: Person) -> None:
    other = steward_of(haus, "colleague")
    found = suggested(haus, {"name": "Neu eG"})
    said = filled(as_(other), door(found), take_name="no")
    decide(steward, found, take_name="yes")
    answer = as_(other).post(door(found), said)
    assert (answer.status_code, fresh(haus).name, fresh(found).state) == (409, "Neu eG", "accepted")
    assert b"Steward" in answer.content
    assert b"steward@example.org" not in answer.content


def test_only_what_was_suggested_can_be_taken_over(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, {"name": "Neu eG"})
    with pytest.raises(Refused):
        actions.decide_suggestion(found, {"website": "https://x.example"}, by=steward, seen=0)
    assert (fresh(haus).website, fresh(found).state) == ("https://haus.example", "open")


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999"])
def test_a_revision_that_is_none_is_refused(haus: Organisation, steward: Person, seen: str) -> None:
    found = suggested(haus, {"name": "Neu eG"})
    assert decide(steward, found, take_name="yes", seen=seen).status_code == 200
    assert fresh(found).state == "open"


def test_what_does_not_belong_here_is_taken_off_by_a_caretaker(haus: Organisation, caretaker: Person) -> None:
    found = actions.report_problem(haus, "foreign", by=Writer(uuid4()), remark="Werbung.")
    decide(caretaker, found, take_all="yes")
    assert (fresh(haus).state, fresh(found).state) == (State.ARCHIVED, "accepted")


def test_a_suggestion_for_an_entry_that_was_archived_meanwhile_can_still_be_closed(haus: Organisation, caretaker: Person) -> None:
    found = suggested(haus, {"name": "Neu eG"})
    directory.archive_organisation(haus, by=caretaker)
    page = as_(caretaker).get(door(found))
    assert page.status_code == 200
    assert decide(caretaker, found, take_name="no").status_code == 302
    assert (fresh(found).state, Client().get(f"/vorschlag/{found.uuid}/x/").status_code) == ("declined", 404)


def test_the_trail_holds_no_personal_data(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, {"name": "Geheimer Name eG"}, "anna@example.org", reason="Geheimer Grund")
    decide(steward, found, take_name="no", answer="Geheime Antwort")
    told = str(list(Entry.objects.values_list("facts", flat=True)))
    assert "Geheim" not in told
    assert "anna" not in told
    verbs = list(Entry.objects.filter(verb__startswith="suggestions.").values_list("verb", flat=True).order_by("pk"))
    assert verbs == ["suggestions.suggestion_made", "suggestions.suggestion_decided"]


# ------------------------------------------------------------------------------------------------------------------ who


def test_caretakers_decide_after_a_fortnight_or_where_nobody_is(haus: Organisation, steward: Person, caretaker: Person) -> None:
    found = suggested(haus, {"name": "Neu eG"})
    page = as_(caretaker).get(door(found))
    assert (page.status_code, page.context["may_decide"]) == (200, False)
    with pytest.raises(NotAllowed):
        actions.decide_suggestion(found, {"name": "Neu eG"}, by=caretaker, seen=0)
    Suggestion.objects.update(opened_at=timezone.now() - timedelta(days=15))
    assert decide(caretaker, found, take_name="yes").status_code == 302
    assert fresh(haus).name == "Neu eG"


@pytest.mark.parametrize("role", [Role.MEMBER, None])
def test_members_and_strangers_do_not_even_see_it(haus: Organisation, role: Role | None) -> None:
    found = suggested(haus, {"name": "Neu eG"})
    who = steward_of(haus, "member", role) if role else person("stranger")
    assert as_(who).get(door(found)).status_code == 404
    assert as_(who).post(door(found), {"take_name": "yes", "seen": "0"}).status_code == 404
    assert as_(who).get("/o/haus-eg/vorschlaege/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.decide_suggestion(found, {"name": "Neu eG"}, by=who, seen=0)
    assert fresh(haus).name == "Haus eG"


def test_guests_are_asked_to_sign_in(haus: Organisation) -> None:
    found = suggested(haus, {"name": "Neu eG"})
    for address in (door(found), "/o/haus-eg/vorschlaege/"):
        answer = Client().get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/konto/anmelden/")


def test_the_inbox_asks_as_often_for_three_as_for_one(haus: Organisation, steward: Person, django_assert_max_num_queries: Any) -> None:
    client = as_(steward)
    for number in range(3):
        suggested(haus, {"name": f"Neu {number} eG"})
    client.get("/o/haus-eg/vorschlaege/")
    with django_assert_max_num_queries(25):
        page = client.get("/o/haus-eg/vorschlaege/")
    assert len(page.context["is_open"]) == 3

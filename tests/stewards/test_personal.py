"""What this room knows of a person, and how it forgets them."""

import pytest

from allmende.directory.models import Stewardship
from allmende.people import actions as people
from allmende.people import personal
from allmende.people.models import Notice, Person
from allmende.stewards import actions, queries
from allmende.stewards.models import Claim, Invitation, Vouch
from tests.people.ways import person
from tests.stewards.cast import caretaker, coop, held, keeper

pytestmark = pytest.mark.django_db


def rows(area: str, who: Person) -> list[dict[str, object]]:
    return personal.AREAS[area].rows(who)


def test_the_export_says_what_one_looks_after_claimed_vouched_and_was_invited_to() -> None:
    item, other = coop(), coop("Andere eG")
    olga, anna = keeper(item, "olga"), person()
    claim = actions.open_claim(other, by=anna, proof="vouched", message="Ich arbeite dort")
    actions.vouch_for(claim, item, "Kenne sie", by=olga)
    actions.invite_person(item, "anna@example.org", role="editor", message="Komm", by=olga)
    actions.invite_person(item, "dritte@example.org", role="editor", by=olga)
    assert [(row["entry"], row["role"], row["until"]) for row in rows("stewardships", olga)] == [("Hofladen eG", "owner", None)]
    assert [(row["entry"], row["message"], row["state"]) for row in rows("claims", anna)] == [("Andere eG", "Ich arbeite dort", "open")]
    assert [(row["in_the_name_of"], row["why"]) for row in rows("vouches", olga)] == [("Hofladen eG", "Kenne sie")]
    assert [(row["email"], row["from_you"]) for row in rows("invitations", anna)] == [("anna@example.org", False)]
    assert [(row["email"], row["from_you"]) for row in rows("invitations", olga)] == [("", True), ("", True)]  # their addresses are theirs
    assert rows("caretaking", olga) == [] and rows("caretaking", caretaker("lea", "Bayern"))[0]["region"] == "Bayern"


def test_the_last_owner_of_a_published_entry_hands_over_before_the_account_goes() -> None:
    item, second = coop(), coop("Zweite eG")
    olga = keeper(item, "olga")
    keeper(second, "olga")
    keeper(second, "otto")
    sentences = personal.BLOCKS["stewards"](olga)
    assert len(sentences) == 1 and "Hofladen eG" in sentences[0]
    actions.leave(item, by=olga, without_successor=True)
    assert personal.BLOCKS["stewards"](olga) == []


def test_forgetting_ends_all_and_tells_those_who_stay() -> None:
    item, archived = coop(), coop("Alt eG", state="archived")
    olga, otto, anna, watch = keeper(item, "olga"), keeper(item, "otto"), person(), caretaker()
    keeper(archived, "olga")
    mine = actions.open_claim(coop("Dritte eG"), by=olga, proof="granted", message="ich")
    theirs = actions.open_claim(coop("Vierte eG"), by=anna, proof="vouched", message="ich")
    actions.vouch_for(theirs, item, "Kenne sie", by=olga)
    to_olga = actions.invite_person(item, "olga@example.org", role="editor", by=otto)
    from_olga = actions.invite_person(item, "ida@example.org", role="editor", message="Hallo", by=olga)
    Notice.objects.all().delete()
    actions_before = Stewardship.objects.filter(person=olga, until=None).count()
    personal.FORGETS["stewards"][1](olga)
    assert (actions_before, Stewardship.objects.filter(person=olga, until=None).count()) == (2, 0)
    assert not Claim.objects.filter(pk=mine.pk).exists() and not Vouch.objects.exists()
    to_olga.refresh_from_db()
    from_olga.refresh_from_db()
    assert (to_olga.state, to_olga.email) == ("withdrawn", "") and (from_olga.state, from_olga.by, from_olga.message) == (
        "withdrawn",
        None,
        "",
    )
    assert [notice.kind for notice in Notice.objects.filter(person=otto)] == ["stewards.left"]
    assert [notice.kind for notice in Notice.objects.filter(person=watch)] == ["stewards.left_without_steward"]


def test_an_erased_account_leaves_no_trace_in_this_room() -> None:
    item = coop()
    olga = keeper(item, "olga")
    otto = keeper(item, "otto")
    actions.end_stewardship(held(item, keeper(item, "edda", "editor")), by=olga)
    people.erase(olga, by=olga)
    assert list(queries.team(item).values_list("person", flat=True)) == [otto.pk]
    assert not Person.objects.filter(email="olga@example.org").exists()
    assert not Invitation.objects.filter(email="olga@example.org").exists()

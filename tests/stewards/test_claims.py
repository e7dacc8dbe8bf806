"""Claims: by mail at the own domain, by two who vouch, by network management. The no comes first."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from allmende.directory.models import State, Stewardship
from allmende.ground import trail
from allmende.ground.models import Entry, Letter
from allmende.ground.outbox import letters_to
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice
from allmende.stewards import actions, queries, rules
from allmende.stewards.models import Claim, ClaimState
from tests.people.ways import person
from tests.stewards.cast import caretaker, claim_by_mail, coop, held, keeper, path_in_letter, role

pytestmark = pytest.mark.django_db


def token(address: str = "anna@hofladen.example") -> str:
    return path_in_letter(address, "uebernehmen/").rstrip("/").rsplit("/", 1)[-1]


def kinds(who: object) -> list[str]:
    return list(Notice.objects.filter(person=who).order_by("pk").values_list("kind", flat=True))


# --------------------------------------------------------------------------------------------------------- who may not


def test_an_owner_does_not_claim_what_they_have() -> None:
    item = coop()
    with pytest.raises(NotAllowed):
        claim_by_mail(item, keeper(item, "olga"))


def test_an_editor_claims_only_while_nobody_answers_for_the_entry() -> None:
    item = coop()
    editor = keeper(item, "edda", "editor")
    assert claim_by_mail(item, editor).state == ClaimState.OPEN
    keeper(item, "olga")
    with pytest.raises(NotAllowed):
        claim_by_mail(item, keeper(item, "emil", "editor"))


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
def test_what_is_not_published_cannot_be_claimed(state: State) -> None:
    with pytest.raises(Refused):
        claim_by_mail(coop(state=state), person())


def test_blocked_accounts_and_service_hands_claim_nothing() -> None:
    item = coop()
    for who in (person("weg@example.org", is_active=False), person("hand@example.org", is_active=False, is_service=True)):
        with pytest.raises(NotAllowed):
            claim_by_mail(item, who)


@pytest.mark.parametrize(
    "address", ["anna@gmx.de", "anna@elsewhere.example", "anna@sub.hofladen.example", "anna@hofladen.example.evil.example"]
)
def test_another_domain_is_refused_and_nothing_is_kept_or_sent(address: str) -> None:
    with pytest.raises(BadInput):
        claim_by_mail(coop(visibility={"email": "public"}), person(), address)
    assert not Claim.objects.exists() and not Letter.objects.exists()


@pytest.mark.parametrize("proof", ["vouched", "granted"])
def test_other_ways_need_a_word(proof: str) -> None:
    with pytest.raises(BadInput):
        actions.open_claim(coop(), by=person(), proof=proof, message="  ")


@pytest.mark.parametrize("proof", ["founded", "invited", "magic"])
def test_there_are_only_three_ways(proof: str) -> None:
    with pytest.raises(BadInput):
        actions.open_claim(coop(), by=person(), proof=proof, message="Ich bin es")


def test_five_claims_a_day_are_enough() -> None:
    anna = person()
    for number in range(rules.CLAIMS_A_DAY):
        actions.open_claim(coop(f"Laden {number}"), by=anna, proof="vouched", message="ich")
    with pytest.raises(Refused):
        actions.open_claim(coop("Noch einer"), by=anna, proof="vouched", message="ich")


# ------------------------------------------------------------------------------------------------------------- by mail


def test_the_link_of_the_letter_makes_an_owner_at_once() -> None:
    item, anna, watch = coop(), person(name="Anna"), caretaker()
    claim = claim_by_mail(item, anna)
    assert role(item, anna) == ""
    claim = actions.prove_address(token(), by=anna)
    assert (claim.state, role(item, anna), held(item, anna).proof) == (ClaimState.GRANTED, "owner", "domain")
    assert claim.address == ""  # has served its purpose
    assert kinds(anna) == ["stewards.claim_granted"] and kinds(watch) == ["stewards.claim_granted"]
    assert not letters_to("hausmeisterin@example.org")  # a line in their notices, no mail for every claim
    verbs = list(Entry.objects.filter(verb__startswith="stewards.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["stewards.claim_opened", "stewards.claim_proved", "stewards.stewardship_granted", "stewards.claim_granted"]


def test_a_confirmed_address_at_the_domain_is_enough_without_a_letter() -> None:
    item, anna = coop(), person("anna@hofladen.example")
    assert claim_by_mail(item, anna).state == ClaimState.GRANTED
    assert role(item, anna) == "owner"
    assert [letter.kind for letter in letters_to("anna@hofladen.example")] == ["stewards.claim_granted"]


def test_an_unconfirmed_address_at_the_domain_is_not_enough() -> None:
    from allauth.account.models import EmailAddress

    item, anna = coop(), person()
    EmailAddress.objects.create(user=anna, email="anna@hofladen.example", verified=False)
    assert claim_by_mail(item, anna).state == ClaimState.OPEN
    assert queries.own_address(anna, item) == ""


def test_where_somebody_answers_for_the_entry_they_are_asked() -> None:
    item = coop()
    olga, anna = keeper(item, "olga"), person()
    claim_by_mail(item, anna)
    assert kinds(olga) == []
    claim = actions.prove_address(token(), by=anna)
    assert (claim.state, role(item, anna), kinds(olga)) == (ClaimState.OPEN, "", ["stewards.claim_opened"])
    actions.decide_claim(claim, True, "", by=olga)
    assert (role(item, anna), kinds(anna)) == ("editor", ["stewards.claim_granted"])


def test_an_owner_may_make_the_claimant_an_owner() -> None:
    item = coop()
    olga, anna = keeper(item, "olga"), person()
    claim_by_mail(item, anna)
    actions.decide_claim(actions.prove_address(token(), by=anna), True, "", olga, "owner")
    assert role(item, anna) == "owner"


def test_a_replayed_link_says_that_it_was_used() -> None:
    item, anna = coop(), person()
    claim_by_mail(item, anna)
    word = token()
    actions.prove_address(word, by=anna)
    with pytest.raises(Refused, match="used already"):
        actions.prove_address(word, by=anna)
    assert Stewardship.objects.count() == 1


def test_a_replayed_link_does_not_bring_back_who_was_taken_out() -> None:
    item, anna = coop(), person()
    claim_by_mail(item, anna)
    word = token()
    actions.prove_address(word, by=anna)
    actions.leave(item, by=anna, without_successor=True)
    with pytest.raises(Refused):
        actions.prove_address(word, by=anna)
    assert role(item, anna) == ""


@pytest.mark.parametrize("word", ["", "x", "../../etc", "0" * 5_000])
def test_a_tampered_link_is_not_valid(word: str) -> None:
    claim_by_mail(coop(), person())
    with pytest.raises(Refused, match="not valid"):
        actions.prove_address(word, by=person())


def test_an_old_link_has_expired() -> None:
    anna = person()
    claim = claim_by_mail(coop(), anna)
    Claim.objects.filter(pk=claim.pk).update(sent_at=timezone.now() - timedelta(days=rules.LINK_DAYS, minutes=1))
    with pytest.raises(Refused, match="older than"):
        actions.prove_address(token(), by=anna)


def test_the_link_works_for_nobody_but_the_claimant() -> None:
    claim_by_mail(coop(), person())
    with pytest.raises(NotAllowed):
        actions.prove_address(token(), by=person("fremd@example.org"))


def test_only_the_newest_link_works_and_letters_are_counted() -> None:
    anna = person()
    claim = claim_by_mail(coop(), anna)
    old = token()
    claim = actions.send_claim_letter_again(claim, by=anna)
    with pytest.raises(Refused, match="newer letter"):
        actions.prove_address(old, by=anna)
    for _ in range(rules.LETTERS_A_CLAIM - 2):
        claim = actions.send_claim_letter_again(claim, by=anna)
    with pytest.raises(Refused):
        actions.send_claim_letter_again(claim, by=anna)
    assert len(letters_to("anna@hofladen.example")) == rules.LETTERS_A_CLAIM


def test_a_link_is_worth_nothing_once_the_entry_names_another_domain() -> None:
    item, anna = coop(), person()
    claim_by_mail(item, anna)
    item.website, item.email = "https://other.example", ""
    item.save()
    with pytest.raises(Refused, match="no longer names"):
        actions.prove_address(token(), by=anna)


def test_a_hidden_domain_counts_but_cannot_be_guessed() -> None:
    item = coop(website="", email="buero@geheim.example")  # e-mail is for stewards only by default
    assert queries.domains(item) == queries.Domains([], are_all_shown=False)
    right = claim_by_mail(item, person(), "anna@geheim.example")
    wrong = claim_by_mail(item, person("bert@example.org"), "bert@daneben.example")
    assert (right.state, right.proof) == (wrong.state, wrong.proof) == ("open", "domain")
    assert len(letters_to("anna@geheim.example")) == 1 and letters_to("bert@daneben.example") == []
    again = actions.send_claim_letter_again(wrong, by=person("bert@example.org"))
    assert again.letters == 1 and letters_to("bert@daneben.example") == []


def test_the_same_claim_twice_is_one_claim_and_one_letter() -> None:
    item, anna = coop(), person()
    assert claim_by_mail(item, anna) == claim_by_mail(item, anna)
    assert len(letters_to("anna@hofladen.example")) == 1
    with pytest.raises(Refused, match="Withdraw it first"):
        actions.open_claim(item, by=anna, proof="granted", message="ich")


def test_the_database_keeps_one_open_claim_per_entry_and_person() -> None:
    claim = claim_by_mail(coop(), person())
    claim.pk, claim.uuid, claim.token = None, "5f0a3b7e-6b7a-4a44-9a52-0b8a8d3a5b11", ""
    with pytest.raises(IntegrityError), transaction.atomic():
        claim.save(force_insert=True)


def test_the_letter_has_one_subject_line_and_no_address_of_the_claimant() -> None:
    item = coop("Hof\r\nBcc: opfer@example.org")
    claim_by_mail(item, person("geheim@example.org", name="Anna\nBcc: x@example.org"))
    letter = letters_to("anna@hofladen.example")[0]
    assert "\n" not in letter.subject and letter.headers == {}
    assert "geheim@example.org" not in letter.body + letter.subject


# -------------------------------------------------------------------------------------------------------------- vouching


def test_two_people_of_two_other_organisations_make_an_owner() -> None:
    item, anna = coop(), person()
    claim = actions.open_claim(item, by=anna, proof="vouched", message="Ich arbeite dort")
    first, second = coop("Erste eG"), coop("Zweite eG")
    one, two = keeper(first, "uwe"), keeper(second, "vera", "editor")
    actions.vouch_for(claim, first, "Kenne sie", by=one)
    assert role(item, anna) == "" and kinds(anna) == ["stewards.vouched"]
    actions.vouch_for(claim, second, "Ich auch", by=two)
    assert (role(item, anna), held(item, anna).proof) == ("owner", "vouched")


def test_vouched_into_an_entry_nobody_answers_for_its_caretakers_are_told() -> None:
    item, anna, watch = coop(), person(), caretaker()
    vouched_by_two(actions.open_claim(item, by=anna, proof="vouched", message="ich"))
    assert role(item, anna) == "owner" and kinds(watch) == ["stewards.claim_granted"]
    assert len(letters_to("hausmeisterin@example.org")) == 1  # a vouched claim also comes by mail
    actions.end_stewardship(held(item, anna), by=watch, reason="Einwand", without_successor=True)
    assert role(item, anna) == ""


def test_vouched_into_an_entry_with_an_owner_the_owner_is_asked() -> None:
    item, anna, watch = coop(), person(), caretaker()
    olga = keeper(item, "olga")
    claim = actions.open_claim(item, by=anna, proof="vouched", message="ich")
    vouched_by_two(claim)
    assert role(item, anna) == "" and kinds(olga) == ["stewards.claim_opened"] and kinds(watch) == []
    with pytest.raises(Refused, match="nobody needs to vouch"):
        actions.vouch_for(claim, home := coop("Dritte eG"), "auch", by=keeper(home, "dritte"))
    actions.decide_claim(claim, True, "", by=olga)
    assert (role(item, anna), held(item, anna).proof) == ("editor", "vouched")


def vouched_by_two(claim: Claim) -> None:
    """Two people of two other entries say yes."""
    for name in ("uwe", "vera"):
        actions.vouch_for(claim, home := coop(f"Bei {name}"), "ja", by=keeper(home, name))


def test_who_may_not_vouch() -> None:
    item, anna, first = coop(), person(), coop("Erste eG")
    claim = actions.open_claim(item, by=anna, proof="vouched", message="ich")
    uwe = keeper(first, "uwe")
    actions.grant(first, person("mia@example.org"), role="member", proof="invited")
    actions.grant(other := coop("Annas eG"), anna, role="owner", proof="founded")
    draft = coop("Entwurf eG", state=State.DRAFT)
    tries = [
        (anna, other),  # for oneself
        (person("fremd@example.org"), first),  # looks after nothing
        (person("mia@example.org"), first),  # a member only
        (uwe, other),  # somebody else's entry
        (keeper(other, "kollege"), other),  # an entry the claimant looks after, too
        (keeper(item, "edda", "editor"), item),  # the entry itself
        (keeper(draft, "dora"), draft),  # not published
    ]
    for who, home in tries:
        with pytest.raises(NotAllowed):
            actions.vouch_for(claim, home, "ja", by=who)
    with pytest.raises(BadInput):
        actions.vouch_for(claim, first, "   ", by=uwe)
    assert claim.vouches.count() == 0


def test_one_person_and_one_organisation_have_one_voice() -> None:
    item, anna, first, second = coop(), person(), coop("Erste eG"), coop("Zweite eG")
    claim = actions.open_claim(item, by=anna, proof="vouched", message="ich")
    uwe = keeper(first, "uwe")
    keeper(second, "uwe")
    actions.vouch_for(claim, first, "ja", by=uwe)
    with pytest.raises(Refused, match="vouched for this claim already"):
        actions.vouch_for(claim, second, "nochmal", by=uwe)
    with pytest.raises(NotAllowed):
        actions.vouch_for(claim, first, "auch", by=keeper(first, "zoe"))
    assert role(item, anna) == ""


def test_a_closed_claim_takes_no_voices() -> None:
    item, anna, first = coop(), person(), coop("Erste eG")
    claim = actions.open_claim(item, by=anna, proof="vouched", message="ich")
    actions.withdraw_claim(claim, by=anna)
    with pytest.raises(Refused, match="closed"):
        actions.vouch_for(claim, first, "ja", by=keeper(first, "uwe"))


# --------------------------------------------------------------------------------------------------- network management


def test_network_management_grants_with_the_words_it_was_given() -> None:
    item, anna, local = coop(), person(), caretaker("lea", "Bayern")
    claim = actions.open_claim(item, by=anna, proof="granted", message="Vorstand", evidence="Register")
    assert kinds(local) == ["stewards.claim_opened"]
    assert list(queries.claims_waiting(local)) == [claim]
    actions.decide_claim(claim, True, "", by=local)
    assert (role(item, anna), held(item, anna).proof, kinds(anna)) == ("owner", "granted", ["stewards.claim_granted"])


@pytest.mark.parametrize(("way", "decider", "proof"), [
    ("granted", "owner", "invited"), ("vouched", "owner", "invited"), ("vouched", "caretaker", "granted"),
    ("granted", "caretaker", "granted"),
])  # fmt: skip
def test_nothing_is_said_to_be_shown_that_was_not(way: str, decider: str, proof: str) -> None:
    item, anna = coop(), person()
    olga, watch = keeper(item, "olga"), caretaker()
    claim = actions.open_claim(item, by=anna, proof=way, message="ich")
    actions.decide_claim(claim, True, "", by=olga if decider == "owner" else watch)
    assert held(item, anna).proof == proof


def test_a_no_needs_a_reason_and_the_claimant_hears_it() -> None:
    item, anna, watch = coop(), person(), caretaker()
    claim = actions.open_claim(item, by=anna, proof="granted", message="Vorstand")
    with pytest.raises(BadInput):
        actions.decide_claim(claim, False, " ", by=watch)
    actions.decide_claim(claim, False, "Bitte im Register nachtragen", by=watch)
    assert "> Bitte im Register nachtragen" in Notice.objects.get(person=anna).text
    assert (Claim.objects.get().state, role(item, anna)) == ("refused", "")
    with pytest.raises(Refused, match="decided already"):
        actions.decide_claim(claim, True, "", by=watch)


def test_who_may_not_decide() -> None:
    item, anna = coop(), person()
    claim = actions.open_claim(item, by=anna, proof="granted", message="ich")
    others = [
        anna,
        person("fremd@example.org"),
        keeper(item, "edda", "editor"),
        keeper(item, "mia", "member"),
        keeper(coop("Andere eG"), "olga"),
        caretaker("hanna", "Hessen"),
        caretaker("hand"),
    ]
    others[-1].is_active = False
    for who in others:
        with pytest.raises(NotAllowed):
            actions.decide_claim(claim, True, "", by=who)


def test_caretakers_do_not_decide_their_own_claims() -> None:
    watch = caretaker()
    claim = actions.open_claim(coop(), by=watch, proof="granted", message="ich")
    with pytest.raises(NotAllowed):
        actions.decide_claim(claim, True, "", by=watch)


def test_a_typed_address_alone_cannot_be_decided_nor_seen_by_owners() -> None:
    item = coop()
    olga = keeper(item, "olga")
    claim = claim_by_mail(item, person())
    assert list(queries.claims_of_team(olga, item)) == [] and list(queries.claims_for_owner(olga)) == []
    with pytest.raises(Refused):
        actions.decide_claim(claim, True, "", by=olga)


def test_a_claim_to_an_entry_that_was_archived_cannot_be_granted() -> None:
    item, watch = coop(), caretaker()
    claim = actions.open_claim(item, by=person(), proof="granted", message="ich")
    item.state = State.ARCHIVED
    item.save()
    with pytest.raises(Refused, match="not published"):
        actions.decide_claim(claim, True, "", by=watch)
    actions.decide_claim(claim, False, "Gibt es nicht mehr", by=watch)


# ------------------------------------------------------------------------------------------------- the desk, time, merges


def test_the_desk_sees_what_waits_in_its_own_area_the_oldest_first() -> None:
    item, elsewhere = coop(), coop("Nordhof eG")
    elsewhere.places.update(region="Hamburg")
    local, house = caretaker("lea", "Bayern"), caretaker()
    late = actions.open_claim(item, by=person("a@example.org"), proof="granted", message="ich")
    north = actions.open_claim(elsewhere, by=person("b@example.org"), proof="granted", message="ich")
    Claim.objects.filter(pk=north.pk).update(opened_at=timezone.now() - timedelta(days=2))
    assert list(queries.claims_waiting(local)) == [late]
    assert list(queries.claims_waiting(house)) == [north, late]
    assert list(queries.claims_waiting(person("fremd@example.org"))) == []
    assert queries.claims_waiting(local)[0].waiting_since == late.opened_at


def test_owners_have_a_week_to_answer_then_the_desk_sees_it() -> None:
    item, house, anna = coop(), caretaker(), person()
    keeper(item, "olga")
    claim_by_mail(item, anna)
    claim = actions.prove_address(token(), by=anna)
    assert list(queries.claims_waiting(house)) == []
    Claim.objects.filter(pk=claim.pk).update(proved_at=timezone.now() - timedelta(days=rules.OWNERS_ANSWER_DAYS, minutes=1))
    assert list(queries.claims_waiting(house)) == [claim]
    actions.decide_claim(claim, True, "", by=house)
    assert role(item, anna) == "editor"


def test_after_thirty_days_a_claim_expires_once_and_can_be_made_again() -> None:
    item, anna = coop(), person()
    claim = actions.open_claim(item, by=anna, proof="vouched", message="ich")
    assert actions.expire_claims() == 0
    Claim.objects.filter(pk=claim.pk).update(opened_at=timezone.now() - timedelta(days=31))
    assert [actions.expire_claims(), actions.expire_claims()] == [1, 0]
    assert kinds(anna) == ["stewards.claim_expired"]
    assert actions.open_claim(item, by=anna, proof="vouched", message="ich").pk != claim.pk


def test_only_the_claimant_withdraws() -> None:
    claim = actions.open_claim(coop(), by=person(), proof="vouched", message="ich")
    with pytest.raises(NotAllowed):
        actions.withdraw_claim(claim, by=caretaker())
    actions.withdraw_claim(claim, by=person())
    with pytest.raises(Refused):
        actions.withdraw_claim(claim, by=person())


def test_claims_and_invitations_follow_a_merge_and_return_when_it_is_undone() -> None:
    winner, loser = coop("Bleibt eG"), coop("Geht eG")
    anna, both = person(), person("beide@example.org")
    moved = actions.open_claim(loser, by=anna, proof="granted", message="ich")
    doubled = actions.open_claim(loser, by=both, proof="granted", message="ich")
    kept = actions.open_claim(winner, by=both, proof="granted", message="ich")
    invitation = actions.invite_person(loser, "ida@example.org", role="editor", by=keeper(loser, "olga"))
    trail.record("duplicates.organisations_merged", winner=winner.pk, loser=loser.pk)
    rows = {pk: (at, state) for pk, at, state in Claim.objects.values_list("pk", "organisation", "state")}
    assert rows == {moved.pk: (winner.pk, "open"), doubled.pk: (loser.pk, "withdrawn"), kept.pk: (winner.pk, "open")}
    invitation.refresh_from_db()
    assert invitation.organisation == winner
    trail.record("duplicates.organisations_unmerged", winner=winner.pk, loser=loser.pk)
    moved.refresh_from_db()
    invitation.refresh_from_db()
    assert moved.organisation == loser == invitation.organisation

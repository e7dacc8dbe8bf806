"""Pairs are found, remembered and decided: while typing, in imports, at night, by people; and never asked twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from allmende.directory import actions as directory
from allmende.directory import importers
from allmende.directory.importers.running import Task
from allmende.directory.models import Kinship, Organisation, RevisionSet, State
from allmende.duplicates import actions, jobs, queries, rules
from allmende.duplicates.actions import finding
from allmende.duplicates.models import Answer, FoundBy, Merge, Pair, PairState, Round, Saying
from allmende.ground import queue
from allmende.ground.models import Entry
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.people.personal import AREAS
from allmende.people.queries import service
from tests.cast import changed, organisation
from tests.duplicates.cast import BRANCH, SAME, STRANGERS, caretaker, mills, pair, person, steward

pytestmark = pytest.mark.django_db
HEAD = "Identifier,Name,Street Address,Postcode,Locality,Country ID,Website,Primary Activity\n"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def haus(db: None) -> Person:
    return caretaker()


# ------------------------------------------------------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("judgement", "score", "branch", "facts", "is_worth"),
    [
        ("same", 0.5, 0, (), True),
        ("branch", 0.1, 0.5, ("website_same", "far"), True),
        ("branch", 0.1, 0.9, ("towns_differ", "website_shared", "far"), False),
        ("branch", 0.1, 0.9, (), False),
        ("unsure", 0.3, 0, (), True),
        ("unsure", 0.1, 0.3, (), True),
        ("unsure", 0.1, 0.1, (), False),
        ("different", 0.4, 0.4, ("name_same",), False),
    ],
)
def test_what_is_worth_a_persons_time(judgement: str, score: float, branch: float, facts: tuple[str, ...], is_worth: bool) -> None:
    assert rules.is_worth_asking(judgement, score, branch, facts) is is_worth


def test_lists_lose_only_what_was_added() -> None:
    assert rules.without(["a", "b", "c"], ["a", "b"], ["a"]) == ["a", "c"]


@pytest.mark.parametrize(
    ("answers", "both"), [({}, ""), ({1: "same"}, ""), ({1: "same", 2: "different"}, ""), ({1: "one", 2: "one"}, "one")]
)
def test_both_sides_must_say_the_same(answers: dict[int, str], both: str) -> None:
    assert rules.agreed(answers, (1, 2)) == both


def test_the_better_entry_stays() -> None:
    now = timezone.now()

    def standing(pk: int, **more: object) -> rules.Standing:
        plain = {"state": "published", "stewards": 0, "confirmed_at": None, "filled": 5, "records": 1, "created_at": now}
        return rules.Standing(pk, **(plain | more))  # type: ignore[arg-type]

    better = [{"state": "published"}, {"stewards": 1}, {"confirmed_at": now}, {"filled": 6}, {"records": 2}]
    for one in better:
        other = {"state": "draft"} if "state" in one else {}
        assert rules.stays(standing(2, **one), standing(1, **other)) == 2
    assert rules.stays(standing(2), standing(1)) == 1


# ------------------------------------------------------------------------------------------------------------- noting


def test_a_pair_is_noted_once_whoever_comes_first() -> None:
    one, other = mills()
    first = actions.note_pair(other, one, source="typing", verdict=SAME)
    again = actions.note_pair(one, other, source="import", verdict=SAME)
    assert first == again == Pair.objects.get()
    assert first is not None and (first.one, first.other, first.found_by, first.score) == (one, other, "typing", 0.93)


def test_what_waits_says_what_the_newest_comparison_says_and_belongs_to_the_later_import() -> None:
    one, other = mills()
    first, second = (RevisionSet.objects.create(reason=reason) for reason in "ab")
    for found_in, verdict in ((second, SAME), (first, BRANCH)):
        actions.note_pairs([(one.pk, other.pk, verdict)], source="import", found_in=found_in)
    kept = Pair.objects.get()
    assert (kept.judgement, kept.score, kept.reasons, kept.found_in) == ("branch", 0.8, [["name_same", {}, 1]], second)


def test_strangers_merged_ones_kin_and_one_and_the_same_are_not_noted(haus: Person) -> None:
    one, other = mills()
    third, fourth = organisation("Zweig Nord"), organisation("Zweig Süd")
    assert actions.note_pair(one, one, source="scan", verdict=SAME) is None
    assert actions.note_pair(one, other, source="scan", verdict=STRANGERS) is None
    for branch in (third, fourth):
        Kinship.objects.create(branch=branch, head=one)
    assert actions.note_pair(one, third, source="scan", verdict=BRANCH) is None
    assert actions.note_pair(third, fourth, source="scan", verdict=BRANCH) is None
    actions.merge_organisations(one, other, by=haus)
    assert actions.note_pair(other, third, source="scan", verdict=SAME) is None
    assert Pair.objects.count() == 1


def test_what_somebody_reports_is_noted_whatever_the_comparison_says() -> None:
    one, other = organisation("Alte Mühle eG"), organisation("Bunte Bohne eG")
    found = actions.note_pair(one, other, source=FoundBy.REPORT)
    assert found is not None and (found.judgement, found.state) == ("different", "open")


def test_what_is_decided_is_never_asked_again(haus: Person) -> None:
    one, other = mills()
    pair(one, other)
    actions.mark_different(one, other, by=haus, note="Zwei Mühlen")
    for source in FoundBy:
        assert actions.note_pair(one, other, source=source, verdict=SAME) is None
    directory.edit_organisation(one, {"name": "Alte Mühle"}, by=haus, base=0)
    jobs.compare_changed()
    queue.run_all()
    kept = Pair.objects.get()
    assert (kept.state, kept.decided_by, kept.note) == ("different", haus, "Zwei Mühlen")
    assert list(queries.pairs(haus, {})) == []


# -------------------------------------------------------------------------------------------------- imports and nights


def bring(path: Path, rows: str, source: str) -> RevisionSet:
    path.write_text(HEAD + rows, encoding="utf-8")
    report = directory.import_drafts(
        Task(importers.profile("sea-standard"), path, source=source, licence="CC0-1.0", whole=False), by=service("import")
    )
    return RevisionSet.objects.get(pk=report.revision_set)


MILL = "{0},Alte Mühle {1},Mühlenweg 3,10115,Berlin,DE,https://muehle.example.org,\n"


def test_an_import_is_compared_with_everybody_and_with_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(tmp_path / "a.csv", MILL.format(1, "eG") + "2,Bunte Bohne eG,Hafen 1,20457,Hamburg,DE,,\n", "erste")
    queue.run_all()
    assert not Pair.objects.exists()
    monkeypatch.setattr(finding, "BATCH", 1)
    second = bring(
        tmp_path / "b.csv",
        MILL.format(7, "") + "8,Bunte Bohne,Hafen 1,20457,Hamburg,DE,,\n9,Ganz Anderes,Weg 9,80331,München,DE,,\n",
        "zweite",
    )
    assert queue.run_all().count("scan_import") == 4  # three entries one by one, then nothing is left
    found = {(one.one.name, one.other.name, one.judgement, one.found_by, one.found_in) for one in Pair.objects.all()}
    assert found == {
        ("Alte Mühle eG", "Alte Mühle", "same", "import", second),
        ("Bunte Bohne eG", "Bunte Bohne", "same", "import", second),
    }
    actions.scan_import(second)
    actions.scan_import(second)
    assert Pair.objects.count() == 2


def test_an_import_of_nothing_new_looks_for_nothing(tmp_path: Path) -> None:
    bring(tmp_path / "a.csv", MILL.format(1, "eG"), "erste")
    queue.run_all()
    bring(tmp_path / "a.csv", MILL.format(1, "eG"), "erste")
    assert "scan_import" not in queue.run_all()


def test_rows_of_a_merged_entry_go_on_at_the_one_that_stayed(tmp_path: Path, haus: Person) -> None:
    bring(tmp_path / "a.csv", MILL.format(1, "eG"), "erste")
    bring(tmp_path / "b.csv", MILL.format(7, ""), "zweite")
    one, other = Organisation.objects.order_by("pk")
    actions.merge_organisations(one, other, by=haus)
    bring(tmp_path / "b.csv", MILL.format(7, "").replace("https://muehle.example.org", "https://neu.example.org"), "zweite")
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.website, other.website, other.state) == ("https://neu.example.org", "https://muehle.example.org", "merged")
    assert Organisation.objects.count() == 2


def test_an_export_that_comes_back_finds_the_entry_that_stands_for_a_merged_one(tmp_path: Path, haus: Person) -> None:
    one, other = mills()
    third = organisation("Mühle am Bach")
    actions.merge_organisations(one, other, by=haus)
    actions.merge_organisations(third, one, by=haus)
    path = tmp_path / "export.csv"
    path.write_text(f"id,name,founded\n{other.uuid},Alte Mühle,1905\n", encoding="utf-8")
    report = directory.import_drafts(
        Task(importers.profile("allmende-csv"), path, source="alt", licence="CC0-1.0", whole=False), by=service("import")
    )
    assert (report.joined, Organisation.objects.count()) == (1, 3)
    third.refresh_from_db()
    assert third.founded == 1905
    assert third.records.get().remote_id == str(other.uuid)


def test_the_night_compares_what_changed_since_the_night_before(haus: Person) -> None:
    one, other = mills()
    jobs.compare_changed()
    queue.run_all()
    assert Pair.objects.get().found_by == "scan"
    first = Round.objects.get()
    assert (first.compared, first.found, first.since) == (2, 1, None)
    jobs.compare_changed()
    queue.run_all()
    assert Round.objects.latest("pk").compared == 0
    directory.edit_organisation(other, {"name": "Kino Babylon", "website": "", "phone": ""}, by=haus, base=0)
    Organisation.objects.get(pk=other.pk).places.all().delete()
    changed(other)
    jobs.compare_changed()
    queue.run_all()
    assert (Round.objects.latest("pk").compared, Pair.objects.count()) == (1, 0)


def test_a_round_that_was_cut_off_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    mills()
    monkeypatch.setattr(finding, "BATCH", 1)
    turn = finding.begin_round()
    after = actions.scan_changed(turn)
    assert finding.begin_round() == turn
    assert after is not None and actions.scan_changed(turn, after=after) is not None
    assert actions.scan_changed(turn, after=10**6) is None
    turn.refresh_from_db()
    assert (turn.compared, turn.ended_at is not None, Pair.objects.count()) == (2, True, 1)


# ----------------------------------------------------------------------------------------------------------- deciding


def test_a_branch_is_kin_and_can_be_taken_back(haus: Person) -> None:
    one, other = mills()
    found = actions.mark_branch(other, one, by=haus)
    assert (found.state, Kinship.objects.get().branch, Kinship.objects.get().head) == ("branch", other, one)
    assert Entry.objects.get(verb="duplicates.branch_marked").facts == {"branch": other.pk, "head": one.pk}
    actions.reopen_pair(found, by=haus)
    assert (Pair.objects.get().state, Kinship.objects.count()) == ("open", 0)


def test_branches_have_no_branches(haus: Person) -> None:
    one, other = mills()
    third = organisation("Mühle am Bach")
    actions.mark_branch(other, one, by=haus)
    for branch, head in ((other, third), (third, other), (one, third), (one, other)):
        with pytest.raises(Refused, match="branch"):
            actions.mark_branch(branch, head, by=haus)
    assert Kinship.objects.count() == 1


def test_who_owns_one_may_not_decide_but_ask(haus: Person) -> None:
    one, other = mills()
    anna, bodo = steward("anna", one), steward("bodo", other)
    found = pair(one, other)
    for act in (lambda: actions.mark_different(one, other, by=anna), lambda: actions.mark_branch(one, other, by=anna)):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        actions.ask_owners(found, by=person("fremd"))
    assert actions.ask_owners(found, by=anna) == 1
    told = Notice.objects.get()
    assert (told.person, told.path, told.kind) == (bodo, f"/dubletten/{found.pk}/", "duplicates.asked")
    assert Pair.objects.get().state == PairState.ASKED
    with pytest.raises(Refused, match="asked already"):
        actions.ask_owners(Pair.objects.get(), by=anna)


def test_where_an_entry_has_nobody_its_caretakers_are_told_and_no_organisation_is_written_to(haus: Person) -> None:
    one, other = mills()
    found = pair(one, other)
    with pytest.raises(Refused, match="decide yourself"):
        actions.ask_owners(found, by=haus)
    anna = steward("anna", one)
    actions.ask_owners(found, by=anna)
    assert set(Notice.objects.values_list("person", flat=True)) == {haus.pk}


def test_nobody_learns_of_another_ones_draft_by_being_asked(haus: Person) -> None:
    one, other = mills()
    steward("anna", one)
    Organisation.objects.filter(pk=other.pk).update(state=State.DRAFT)
    bodo = steward("bodo", other)
    actions.ask_owners(pair(one, other), by=haus)
    assert set(Notice.objects.values_list("person", flat=True)) == {bodo.pk}


@pytest.mark.parametrize("saying", Saying.values)
def test_when_both_sides_say_the_same_it_is_decided(saying: str) -> None:
    one, other = mills()
    anna, bodo = steward("anna", one), steward("bodo", other)
    found = pair(one, other)
    assert actions.answer_pair(found, saying, by=anna).state == PairState.ASKED
    assert Notice.objects.get(person=bodo).kind == "duplicates.answered"
    state = actions.answer_pair(found, saying, by=bodo).state
    kin = list(Kinship.objects.values_list("branch", "head"))
    assert (state, Merge.objects.count(), kin) == {
        "same": ("same", 1, []),
        "different": ("different", 0, []),
        "one": ("branch", 0, [(one.pk, other.pk)]),
        "other": ("branch", 0, [(other.pk, one.pk)]),
    }[saying]


def test_when_they_do_not_agree_a_caretaker_decides(haus: Person) -> None:
    one, other = mills()
    anna, bodo = steward("anna", one), steward("bodo", other)
    found = pair(one, other)
    actions.answer_pair(found, "same", by=anna)
    assert actions.answer_pair(found, "different", by=bodo).state == PairState.ASKED
    actions.answer_pair(found, "one", by=anna)
    assert Answer.objects.count() == 2
    actions.mark_different(one, other, by=haus)
    with pytest.raises(Refused, match="decided already"):
        actions.answer_pair(found, "same", by=anna)


def test_editors_caretakers_and_strangers_do_not_answer_for_an_entry(haus: Person) -> None:
    one, other = mills()
    found = pair(one, other)
    for nobody in (haus, person("fremd"), steward("anna", one, "editor")):
        with pytest.raises(NotAllowed):
            actions.answer_pair(found, "same", by=nobody)


def test_what_the_house_knows_of_who_decided(haus: Person) -> None:
    one, other = mills()
    actions.mark_different(one, other, by=haus)
    actions.reopen_pair(Pair.objects.get(), by=haus)
    merge = actions.merge_organisations(one, other, by=haus)
    actions.undo_merge(merge, by=haus)
    rows = AREAS["duplicates"].rows(haus)
    assert [(row["what"], row["said"]) for row in rows] == [("merge", "merged"), ("merge", "undone")]
    haus.delete()
    assert (Merge.objects.get().by, Merge.objects.get().undone_by) == (None, None)


# -------------------------------------------------------------------------------------------------------- while typing


def check(client: Client, **typed: str) -> list[dict[str, object]]:
    answer = client.get("/dubletten/pruefen.json", typed)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    found: list[dict[str, object]] = answer.json()["candidates"]
    return found


def test_who_types_sees_what_is_there_already(client: Client) -> None:
    mills()
    found = check(client, name="Alte Muehle e.G.", town="Berlin")
    assert {"name": "Alte Mühle eG", "url": "/o/alte-muehle-eg/", "town": "Berlin", "judgement": "same"}.items() <= found[0].items()
    assert found[0]["reasons"]
    assert check(client, name="Kino Babylon") == check(client, name="Al") == check(client) == []


def test_guests_learn_nothing_of_drafts_archived_merged_and_hidden_fields(client: Client, haus: Person) -> None:
    one, other = mills()
    for state in (State.DRAFT, State.ARCHIVED):
        Organisation.objects.filter(pk=one.pk).update(state=state)
        changed(one)
        assert [row["name"] for row in check(client, name="Alte Mühle eG")] == ["Alte Mühle"]
    Organisation.objects.filter(pk=one.pk).update(state=State.PUBLISHED, visibility={"address": "stewards"})
    actions.merge_organisations(one, other, by=haus)
    found = check(client, name="Alte Mühle", town="Berlin", postcode="10115", website="https://muehle.example.org")
    assert [row["url"] for row in found] == ["/o/alte-muehle-eg/"]
    assert "10115" not in str(found)


def test_the_check_is_for_everybody_but_not_without_end(client: Client, settings: object) -> None:
    cache.clear()
    settings.API_RATE = 3  # type: ignore[attr-defined]
    codes = [client.get("/dubletten/pruefen.json?name=Muehle", REMOTE_ADDR="203.0.113.9").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert client.get("/dubletten/pruefen.json", {"name": "x" * 201}).status_code == 400
    assert client.post("/dubletten/pruefen.json").status_code == 405

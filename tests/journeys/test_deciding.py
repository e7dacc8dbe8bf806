"""Deciding together, in a browser: from an idea to a measure that is done, and an election in which everybody finds their own paper."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from allmende.ballots import jobs
from allmende.constitution.models import Cooperative
from allmende.ground.outbox import letters_to
from allmende.people.models import Person
from allmende.web import guests
from tests import coops
from tests.conftest import NO_SCRIPT, PHONE, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/genossenschaft/gartenwerk-eg/"
TEXT = "Wir mieten die Halle am Bahnhof.\n\nDie Miete beträgt höchstens 900 € im Monat.\n\nDer Vorstand unterschreibt."
CANDIDATES = ["Apfel", "Birne", "Kirsche", "Pflaume", "Quitte"]
PAPERS = [["Apfel", "Birne"], ["Apfel", "Birne", "Quitte"], ["Apfel", "Kirsche"], ["Birne"], ["Kirsche", "Birne"], ["Quitte", "Apfel"]]


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests fill in forms faster than people."""
    monkeypatch.setattr(guests, "FASTEST", -2)


def de(words: str) -> str:
    """What stands on a German page where the template says this."""
    with translation.override("de"):
        return gettext(words)


class Seat:
    """Somebody before a screen who finds things by their names."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def goes(self, where: str) -> None:
        """Type an address under the one of the cooperative."""
        self.page.goto(AT + where)

    def follows(self, words: str) -> None:
        """A link in the page by its words."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=words).first.click()

    def presses(self, words: str) -> None:
        """A button in the page by its words, and the page that answers is no fault."""
        with self.page.expect_navigation() as answered:
            self.page.locator("main").get_by_role("button", name=de(words), exact=True).first.click()
        assert answered.value.status < 400, self.page.locator("main").inner_text()

    def says(self, **texts: str) -> None:
        """Fill in fields by their labels; `In_short` is the label "In short"."""
        for label, text in texts.items():
            named = self.page.locator("main").get_by_label(re.compile("^" + re.escape(de(label.replace("_", " ")))))
            named.and_(self.page.locator("input, textarea")).first.fill(text)

    def chooses(self, words: str, kind: str = "radio") -> None:
        """One of several by its words."""
        self.page.locator("main").get_by_role(kind, name=re.compile("^" + re.escape(de(words)))).first.check()

    def sees(self, words: str) -> None:
        """It stands in the page."""
        expect(self.page.locator("main")).to_contain_text(words)


def gardens(members: Iterable[str]) -> tuple[Cooperative, Person, dict[str, Person]]:
    """A cooperative, its chair, and members with accounts."""
    of = coops.cooperative()
    coops.statute(of)
    chair = coops.office(of)
    people = {name: coops.person(name) for name in members}
    for one in people.values():
        coops.member(of, chair, family_name=one.name, person=one)
    return of, chair, people


@pytest.fixture
def seat(open_page: Callable[..., Any], sign_in: Callable[..., None]) -> Callable[..., Seat]:
    """`seat(person, **PHONE)`: a screen at which this person is signed in."""

    def seated(who: Person, **look: Any) -> Seat:
        page = open_page(**look)
        sign_in(page, who)
        return Seat(page)

    return seated


# ------------------------------------------------------------------------------------------------------------- ballots


def opens(board: Seat, *answers: Callable[[], None]) -> None:
    """Say something on each of the next steps of a ballot that is being prepared, check what it became, and open it."""
    for say in answers:
        say()
        board.presses("Save and go on")
    if board.page.locator("main").get_by_role("button", name=de("Save and go on")).count():
        board.follows(de("Check and open"))
    board.presses("Open the ballot")
    jobs.tell()  # the worker's part


def finds_paper(voter: Seat, who: Person) -> None:
    """The link of the mail leads to the paper."""
    found = re.search(r"/genossenschaft/\S+/stimme/", letters_to(who.email)[-1].body)
    assert found
    voter.page.goto(found[0])


def answers(voter: Seat, who: Person, answer: str, reason: str = "") -> None:
    """Vote with one of the answers."""
    finds_paper(voter, who)
    voter.chooses(answer)
    if reason:
        voter.says(Reason=reason)
    voter.presses("Put into the box")
    voter.sees(de("Your vote is in the box"))


def closes(board: Seat) -> None:
    """All have voted: the board need not wait for the end."""
    board.follows(de("Close early: all have voted"))
    board.says(Reason="Alle haben abgestimmt.")
    board.presses("Close and count")


# --------------------------------------------------------------------------------------------- from an idea to a measure


def has_an_idea(anna: Seat) -> None:
    """An idea, and a proposal made of it that is brought in."""
    anna.goes("ideen/")
    anna.follows(de("Write an idea"))
    anna.says(In_one_line="Eine Halle für alle", The_idea="Wir haben keinen Platz.")
    anna.presses("Put it up")
    anna.follows(de("Make a proposal of it"))
    anna.says(Title="Halle am Bahnhof", What_is_proposed=TEXT)
    anna.presses("Save as a draft")
    anna.presses("Bring it in")


def amends(member: Seat, paragraph: int, text: str, title: str) -> None:
    """Propose other words for one paragraph."""
    member.goes("vorschlaege/")
    member.follows("Halle am Bahnhof")
    member.follows(de("Propose an amendment"))
    member.chooses(f"{paragraph}.", "checkbox")
    member.presses("Go on")
    member.page.locator("main textarea").first.fill(text)
    member.says(In_short=title)
    member.presses("Propose")
    member.sees(title)


def enters_the_resolution(board: Seat) -> None:
    """What follows, a measure, that it is done, and what became of it."""
    board.goes("beschluesse/")
    board.follows("Halle am Bahnhof")
    board.says(What_follows_from_it="Wir mieten die Halle ab Januar.")
    board.presses("Enter in the register")
    for words in ("Add a measure", "Write a report"):
        board.page.locator("main summary", has_text=de(words)).click()
        if words == "Add a measure":
            board.says(What_is_to_be_done="Den Mietvertrag unterschreiben")
            board.presses("Add it")
            board.page.locator("main summary", has_text=de("Mark as done or dropped")).click()
            board.presses("Done")
    board.says(What_became_of_it="Der Vertrag gilt seit Januar.")
    board.presses("Write it down")


def chain(seat: Seat) -> Any:
    """The row from the idea to the result on this page."""
    return seat.page.get_by_role("navigation", name=de("From the idea to the result"))


def walks(seat: Seat, names: Iterable[str]) -> list[str]:
    """Follow the chain from link to link; which step each page says it is."""
    stood = []
    for name in names:
        with seat.page.expect_navigation():
            chain(seat).get_by_role("link", name=name, exact=True).click()
        stood.append(chain(seat).locator("[aria-current=step] b").inner_text())
    return stood


def test_from_an_idea_to_a_measure_that_is_done(seat: Callable[..., Seat]) -> None:
    _of, chair, people = gardens(["anna", "ben", "cem"])
    anna, ben, cem = (seat(one) for one in people.values())
    board = seat(chair)
    members = list(zip((anna, ben, cem), people.values(), strict=True))

    def decide(*said: str) -> None:
        for (voter, who), answer in zip(members, said, strict=True):
            answers(voter, who, answer, "Die Nachbarn schlafen nebenan." if answer == "Objection" else "")
        board.page.reload()
        closes(board)

    has_an_idea(anna)
    amends(ben, 2, "Die Miete beträgt höchstens 700 € im Monat.", "Weniger Miete")
    amends(cem, 3, "Der Vorstand unterschreibt für zwei Jahre.", "Nur zwei Jahre")
    anna.page.reload()
    anna.follows("Weniger Miete")
    anna.presses("Adopt it")

    board.goes("vorschlaege/")
    board.follows("Halle am Bahnhof")
    board.follows("Nur zwei Jahre")
    board.follows(de("Have it voted on"))
    opens(board, lambda: board.says(Question="Unterschreibt der Vorstand nur für zwei Jahre?"))
    decide("Yes", "Yes", "No")
    chain(board).get_by_role("link", name="Halle am Bahnhof").click()
    board.sees("Die Miete beträgt höchstens 700 € im Monat. durch Ä1")
    board.sees("Der Vorstand unterschreibt für zwei Jahre. durch Ä2")

    board.follows(de("Prepare a decision"))
    board.says(Question="Mieten wir die Halle?")
    opens(board, lambda: board.chooses("Consent"))
    decide("Yes, no objection", "Yes, with concerns", "Objection")
    anna.goes("vorschlaege/2026-1/")
    anna.sees("Die Nachbarn schlafen nebenan.")
    anna.follows(de("Change the text"))
    anna.page.locator("main textarea[name=text]").press("Control+End")
    anna.page.keyboard.type("\n\nNach 22 Uhr ist Ruhe.")
    anna.presses("Save")
    board.presses("Prepare the next round")
    opens(board, lambda: board.chooses("Majority"))
    decide("Yes", "Yes", "No")

    enters_the_resolution(board)
    anna.goes("beschluesse/")
    anna.follows("Halle am Bahnhof")
    kinds = ["Idea", "Proposal", "Amendments", "Decision", "Decision", "Decision", "Resolution", "Measures"]
    assert chain(anna).locator("li .meta").all_inner_texts() == [*map(de, kinds), "Bericht"]
    names = chain(anna).locator("li a, li b").all_inner_texts()
    assert [re.sub("20[0-9]{2}", "20..", one) for one in names] == [
        "Eine Halle für alle", "V 20..-1: Halle am Bahnhof", "2 Änderungsanträge, 2 übernommen", "A 20..-1: angenommen",
        "A 20..-2: Einwände", "A 20..-3: angenommen", "20../01: V 20..-1: Halle am Bahnhof", "1 von 1 erledigt", "1 Bericht",
    ]  # fmt: skip
    idea, proposal, amendments, *decisions, resolution, measures, _report = names
    assert walks(anna, [*reversed(decisions), amendments, idea]) == [*reversed(decisions), proposal, idea]
    assert walks(anna, [proposal, amendments, *decisions, resolution, measures]) == [proposal, proposal, *decisions, resolution, resolution]


# ----------------------------------------------------------------------------------------------------------- an election


def prepares_the_election(board: Seat) -> None:
    """Five stand for three seats; papers are secret."""
    board.goes("abstimmungen/")
    board.follows(de("Prepare a ballot"))
    board.says(Title="Gartenrat", Question="Wer kommt in den Gartenrat?")
    board.chooses("Single transferable vote (STV)")
    board.presses("Save and go on")
    for number, name in enumerate(CANDIDATES, 1):
        field = board.page.locator("main").get_by_label(re.compile("^" + de("Option %(n)d") % {"n": number}))
        if not field.count():
            board.presses("Save and add further rows")
        field.fill(name)
    board.presses("Save and go on")
    board.says(**{"How_many_are_chosen?": "3"})
    opens(board, lambda: None, lambda: None, lambda: board.page.get_by_label(re.compile("^(secret|geheim)")).check())


def ranks(voter: Seat, who: Person, paper: list[str]) -> tuple[str, str]:
    """Give places and put the paper into the box; the receipt code and the check mark that are shown."""
    finds_paper(voter, who)
    for place, name in enumerate(paper, 1):
        voter.page.locator("main").get_by_label(name).select_option(str(place))
    voter.presses("Put into the box")
    shown = voter.page.locator("main .receipt")
    return shown.locator("output").inner_text(), shown.locator("code").inner_text()


def test_an_election_in_which_everybody_finds_their_own_paper(
    seat: Callable[..., Seat], sign_in: Callable[..., None], tmp_path: Path
) -> None:
    _of, chair, people = gardens(["anna", "ben", "cem", "dina", "elif", "finn"])
    board = seat(chair)
    prepares_the_election(board)
    phone, desk = seat(people["anna"], **PHONE, **NO_SCRIPT), seat(people["ben"])
    receipts = []
    for who, paper in zip(people.values(), PAPERS, strict=True):
        voter = phone if who.name == "Anna" else desk
        sign_in(voter.page, who)
        receipts.append(ranks(voter, who, paper))
    board.page.reload()
    closes(board)
    board.sees("Apfel, Birne, Kirsche")

    here = board.page.get_by_role("link", name=de("Find my paper")).get_attribute("href")
    for who, paper, (code, mark) in zip(people.values(), PAPERS, receipts, strict=True):
        voter = phone if who.name == "Anna" else desk
        sign_in(voter.page, who)
        voter.page.goto(here)
        voter.says(Receipt_code=code)
        voter.presses("Find")
        voter.sees(" > ".join(paper))
        voter.sees(mark)
    desk.follows(de("All papers"))
    rows = desk.page.locator("main tbody tr")
    listed = {row.locator("th").inner_text(): row.locator("td").inner_text() for row in rows.all()}
    assert listed == {mark: " > ".join(paper) for (_code, mark), paper in zip(receipts, PAPERS, strict=True)}

    with board.page.expect_download() as download:
        board.page.get_by_role("link", name="JSON", exact=True).click()
    file = tmp_path / "wahl.json"
    download.value.save_as(file)
    command = [sys.executable, "-m", "allmende.ballots.counting", str(file)]  # what `./allmende count` runs
    counted = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT / "src").stdout)
    assert (counted["elected_names"], counted["same_as_published"]) == (["Apfel", "Birne", "Kirsche"], True)

"""The common words: loaded from `data/terms.json`, found by key, label, synonym or foreign code.

The file is the source. Loading changes only what differs and never removes a word, so that keys stay a promise. An activity's
parent is a sector: who filters by "Digital" also finds everybody who does hosting.

Synonyms mean the same and are searched in; words that mean only a part (`Brauerei` for food production) stand under the code
`narrower`: they lead an import to the term, but a search for breweries does not find every bakery.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from allmende.directory.models import Kind, Term, Tree
from allmende.ground.text import words

FILE = Path(__file__).parent / "data" / "terms.json"
_FIELDS = ("name_de", "name_en", "note_de", "note_en", "synonyms", "codes")
_INDUSTRY = re.compile(r"(?:nace|sic)\s*[=:]\s*(?:UKSIC\d\d-|[A-U])?(\d\d)\.?(\d?)[\d.]*$", re.IGNORECASE)

# What an organisation is, by the ESSGlobal code of its structure (shared with the forms of co-operation in the term file).
_KINDS = {
    **dict.fromkeys(
        ("OS60", "OS70", "OS80", "OS90", "OS100", "OS110", "OS115", "OS130", "OS150", "OS170", "OS210", "OS240"), Kind.COOPERATIVE
    ),
    **dict.fromkeys(("OS30", "OS50", "OS120", "OS140"), Kind.COMPANY),
    **dict.fromkeys(("OS20", "OS40"), Kind.ASSOCIATION),
    **dict.fromkeys(("OS10", "OS160"), Kind.INITIATIVE),
    **dict.fromkeys(("OS180", "OS190", "OS200", "OS230"), Kind.NETWORK),
    "OS220": Kind.PUBLIC_BODY,
}


class _Words:
    """All terms of the house in memory: about 130, read with one query."""

    def __init__(self) -> None:
        terms = list(Term.objects.all())
        self.by_pk = {term.pk: term for term in terms}
        self.by_key = {(term.tree, term.key): term for term in terms}
        self.by_word: dict[tuple[str, str], Term] = {}
        for spoken in (_labels, _synonyms, _codes):  # a label weighs more than a synonym, a synonym more than a foreign code
            for term in terms:
                for text in spoken(term):
                    self.by_word.setdefault((term.tree, _fold(text)), term)


MAX_AGE = 60.0  # seconds until another process knows what a caretaker changed in this one
_held: _Words | None = None
_read_at = 0.0


def _words_held() -> _Words:
    global _held, _read_at
    if _held is None or not _held.by_key or time.monotonic() - _read_at > MAX_AGE:
        _held, _read_at = _Words(), time.monotonic()
    return _held


def forget(**signal: object) -> None:
    """Read the terms anew at the next question: called after loading and whenever a caretaker changed a term."""
    global _held
    _held = None


post_save.connect(forget, sender=Term, dispatch_uid="taxonomy-saved")
post_delete.connect(forget, sender=Term, dispatch_uid="taxonomy-deleted")


@transaction.atomic
def load() -> int:
    """Bring the terms in line with the file and return how many were new or changed. Ids stay; nothing is removed."""
    held = {(term.tree, term.key): term for term in Term.objects.all()}
    changed = sum(_put(row, position, held) for position, row in enumerate(_rows()))
    forget()
    return changed


def ensure() -> None:
    """What loaders and importers call first: the words are there. One query when nothing is to do."""
    load()


def by_key(tree: str, key: str) -> Term:
    """The term of that key; Term.DoesNotExist if there is none."""
    found = _words_held().by_key.get((tree, key))
    if found is None:
        raise Term.DoesNotExist(f"{tree}/{key}")
    return found


def match(tree: str, text: str | None) -> Term | None:
    """The term of `tree` that these words or this foreign code stand for, or None.

    Reads labels and synonyms in both languages, keys, codes (`ICA230`, `OS60`, `shop=bakery`, `nace=62.01`, `sic=62012`)
    and code addresses by their last segment (`https://…/activities-ica/ICA230`). The word for an activity also names its sector.
    """
    text = (text or "").strip()
    if not text:
        return None
    if "://" in text:
        text = re.split(r"[/#]", text.rstrip("/#"))[-1]
    if industry := _INDUSTRY.match(text):
        return _by_industry(tree, *industry.groups())
    held, folded = _words_held(), _fold(text)
    if tree == Tree.SECTOR and (tree, folded) not in held.by_word:
        activity = held.by_word.get((Tree.ACTIVITY, folded))
        return held.by_pk.get(activity.parent_id) if activity and activity.parent_id else None
    return held.by_word.get((tree, folded))


def matches(tree: str, texts: Iterable[str | None]) -> list[Term]:
    """The terms of several words, each once, in the order found; what nobody knows is left out."""
    found = (match(tree, text) for text in texts)
    return list({term.pk: term for term in found if term is not None}.values())


def kind_of(text: str | None) -> Kind | None:
    """What an organisation is by an ESSGlobal structure code or its address (`OS60`); None where the code says nothing."""
    code = re.split(r"[/#]", (text or "").strip().rstrip("/#"))[-1].upper()
    return _KINDS.get(code)


def ancestors(term: Term) -> list[Term]:
    """The terms above this one, nearest first. Above an activity stands its sector."""
    held, line = _words_held().by_pk, []
    above = held.get(term.parent_id) if term.parent_id else None
    while above is not None:
        line.append(above)
        above = held.get(above.parent_id) if above.parent_id else None
    return line


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return rows


def _put(row: dict[str, Any], position: int, held: dict[tuple[str, str], Term]) -> bool:
    """Write one row of the file if the table says something else. Parents stand before their children."""
    tree, key = row["tree"], row["key"]
    parent = held[_address(tree, row["parent"])] if row["parent"] else None
    wanted = {name: row[name] for name in _FIELDS} | {"position": position, "parent_id": parent.pk if parent else None}
    term = held.get((tree, key))
    if term is not None and all(getattr(term, name) == value for name, value in wanted.items()):
        return False
    term = term or Term(tree=Tree(tree), key=key)
    for name, value in wanted.items():
        setattr(term, name, value)
    term.save()
    held[tree, key] = term
    return True


def _address(tree: str, parent: str) -> tuple[str, str]:
    above, _slash, key = parent.rpartition("/")
    return above or tree, key


def _by_industry(tree: str, division: str, group: str) -> Term | None:
    """By NACE Rev. 2 (or the SIC built on it): first the group (`J62.0`), then the division (`J62`), then the section (`J`)."""
    held = _words_held().by_word
    section = _section(int(division))
    codes = (f"{section}{division}.{group}" if group else "", f"{section}{division}", section)
    return next((held[tree, _fold(code)] for code in codes if code and (tree, _fold(code)) in held), None)


# NACE Rev. 2: the last division of each section.
_SECTIONS = ((3, "A"), (9, "B"), (33, "C"), (35, "D"), (39, "E"), (43, "F"), (47, "G"), (53, "H"), (56, "I"), (63, "J"), (66, "K"),
             (68, "L"), (75, "M"), (82, "N"), (84, "O"), (85, "P"), (88, "Q"), (93, "R"), (96, "S"), (98, "T"), (99, "U"))  # fmt: skip


def _section(division: int) -> str:
    return next(letter for last, letter in _SECTIONS if division <= last)


def _labels(term: Term) -> Iterator[str]:
    yield from (term.key, term.name_de, term.name_en)


def _synonyms(term: Term) -> Iterator[str]:
    yield from term.synonyms


def _codes(term: Term) -> Iterator[str]:
    for codes in term.codes.values():
        yield from codes


def _fold(text: str) -> str:
    """Case, accents, blanks, punctuation and `and` do not matter: `Food & Agriculture` and `food_and_agriculture` are one."""
    return " ".join(word for word in words(text) if word not in {"and", "und"})

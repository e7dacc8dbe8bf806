"""What a rule of deciding is made of, when a ballot is open, which papers are valid. Plain values: no database, no clock of its own.

A rule is a JSON object. Always: "method". By method:

    consent                 objections are listed, nothing is outvoted; "reasons" is not asked: an objection always needs one
    majority                "threshold" ("1/2": more yes than no; "3/4": at least), "base" (cast | present | all)
    approval, score, dots   "seats"; "threshold" (approval); "scale" [0, 5] (score); "dots", "most" (dots)
    irv, schulze            one is chosen; stv: "seats"
    committee               "seats", "way" (pav | mes)
    budget                  "budget" in cents

and to each "quorum" ("1/4" of the roll: of its votes where yes and no are counted, otherwise of its voters), "matter" (ordinary |
statute | duties); "ties" (open | lot) where something is chosen, for yes and no a tie is no majority; "classes" (majority: every
stakeholder group has to agree). Sources: §§ 16, 43 GenG.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any

CONSENT, MAJORITY, APPROVAL, SCORE, DOTS = "consent", "majority", "approval", "score", "dots"
IRV, STV, SCHULZE, COMMITTEE, BUDGET = "irv", "stv", "schulze", "committee", "budget"
METHODS = (CONSENT, MAJORITY, APPROVAL, SCORE, DOTS, IRV, STV, SCHULZE, COMMITTEE, BUDGET)
ANSWERED = (CONSENT, MAJORITY)
"""Methods that ask about one thing; the others need options."""
NAMING = (APPROVAL, COMMITTEE, BUDGET)
GRADING = (SCORE, DOTS)
RANKING = (IRV, STV, SCHULZE)
SEATED = (APPROVAL, SCORE, DOTS, STV, COMMITTEE)

BASES = ("cast", "present", "all")
TIES = ("open", "lot")
MATTERS = ("ordinary", "statute", "duties")
YES, NO, ABSTAIN = "yes", "no", "abstain"
AGREE, CONCERN, OBJECTION, ASIDE = "consent", "concern", "objection", "aside"
CONSENTS = (AGREE, CONCERN, OBJECTION, ASIDE)

MOST_OPTIONS = 100
MOST_GRADE, MOST_DOTS = 100, 1_000
MOST_REASON = 2_000
LEAST_TOGETHER = 5
"""So many voters share what a secret paper says of its voter (votes, group), or it says nothing."""
SMALL_BALLOT = 200
"""Up to so many voters all secret papers change places with every paper that falls into the box (PostgreSQL)."""
HALF = Fraction(1, 2)


class Wrong(ValueError):
    """What was given cannot be used; `code` says why (sentences: wording.py)."""

    def __init__(self, code: str, value: Any = "") -> None:
        super().__init__(code)
        self.code, self.value = code, value


def share(text: Any) -> Fraction | None:
    """A part of a whole as `3/4` or `0`; None where it is none. Powers of ten are not read: they can be numbers without end."""
    said = str(text).strip()
    if not said.isascii() or len(said) > 20 or "e" in said.lower():
        return None
    try:
        found = Fraction(said)
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 <= found <= 1 and found.denominator <= 1_000 else None


def normal(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule with everything its method knows and nothing else, so that equal rules have equal hashes. Raises Wrong."""
    method = rule.get("method")
    if method not in METHODS:
        raise Wrong("method")
    made: dict[str, Any] = {"method": method, "quorum": _share(rule, "quorum", "0"), "matter": _one_of(rule, "matter", MATTERS)}
    if method == MAJORITY:
        made |= _majority(rule)
    elif method != CONSENT:
        made["ties"] = _one_of(rule, "ties", TIES)
    if method in SEATED:
        made["seats"] = _number(rule, "seats", 1, 1, MOST_OPTIONS)
    return made | _of_method(str(method), rule)


def _majority(rule: Mapping[str, Any]) -> dict[str, Any]:
    threshold = share(rule.get("threshold") or "1/2")
    if threshold is None or threshold < HALF:
        raise Wrong("threshold")
    base = _one_of(rule, "base", BASES)
    if base == "cast" and rule.get("abstentions") == "in":
        base = "present"  # the same by another word
    return {"threshold": str(threshold), "base": base, "classes": bool(rule.get("classes"))}


def _of_method(method: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    if method == APPROVAL and share(rule.get("threshold") or "0"):
        return {"threshold": _share(rule, "threshold", "1/2")}
    if method == SCORE:
        low, high = rule.get("scale") or (0, 5)
        if not (_is_int(low) and _is_int(high) and 0 <= low < high <= MOST_GRADE):
            raise Wrong("scale")
        return {"scale": [low, high]}
    if method == DOTS:
        dots = _number(rule, "dots", 5, 1, MOST_DOTS)
        return {"dots": dots, "most": _number(rule, "most", dots, 1, dots)}
    if method == COMMITTEE:
        return {"way": _one_of(rule, "way", ("pav", "mes"))}
    return {"budget": _number(rule, "budget", 0, 1, 10**13)} if method == BUDGET else {}


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _share(rule: Mapping[str, Any], key: str, usual: str) -> str:
    found = share(rule.get(key) or usual)
    if found is None:
        raise Wrong(key)
    return str(found)


def _one_of(rule: Mapping[str, Any], key: str, known: Sequence[str]) -> str:
    found = rule.get(key) or known[0]
    if found not in known:
        raise Wrong(key)
    return str(found)


def _number(rule: Mapping[str, Any], key: str, usual: int, least: int, most: int) -> int:
    found = rule.get(key) or usual
    if not _is_int(found) or not least <= found <= most:
        raise Wrong(key)
    return int(found)


def problems(rule: Mapping[str, Any], labels: Sequence[str], costs: Sequence[int | None], least: Fraction = HALF) -> list[str]:
    """What stands in the way of voting by this rule about these options; `least` is the majority the matter needs (§ 16 GenG)."""
    method, found = rule["method"], []
    if method in ANSWERED and labels:
        found.append("no_options_wanted")
    if method not in ANSWERED and len(labels) < 2:
        found.append("two_options")
    if len(labels) > MOST_OPTIONS or len({label.casefold() for label in labels}) < len(labels):
        found.append("options_differ")
    if rule.get("seats", 1) > len(labels) > 0:
        found.append("too_many_seats")
    if method == BUDGET and not all(costs):
        found.append("costs")
    if rule["matter"] != "ordinary" and (method != MAJORITY or Fraction(rule["threshold"]) < least):
        found.append("matter_needs_majority")
    return found


def hash_of(rule: Mapping[str, Any], question: str, options: Sequence[Sequence[Any]], voters_hash: str, box: str) -> str:
    """SHA-256 in hexadecimal over rule, question, options, roll and box: JSON without spaces, keys sorted."""
    said = {"rule": rule, "question": question, "options": [list(one) for one in options], "voters": voters_hash, "box": box}
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def is_over(closes_at: datetime, now: datetime) -> bool:
    """Closed to the second: the moment named as the end is the first at which nothing falls into the box."""
    return now >= closes_at


def is_due(opens_at: datetime | None, now: datetime) -> bool:
    """Whether voting was to begin by now; without a time it begins by hand."""
    return opens_at is not None and now >= opens_at


MOST_WAIT = 60


def may_count_again(stuck: Mapping[str, Any], now: datetime) -> bool:
    """Whether a count that failed is tried again by itself: after two minutes, four, eight, then every hour. A clock that was set back
    keeps nobody waiting."""
    if not stuck:
        return True
    waited = (now - datetime.fromisoformat(stuck["at"])).total_seconds()
    return waited < 0 or waited >= 60 * min(2 ** min(stuck["tries"], 6), MOST_WAIT)


# ------------------------------------------------------------------------------------------------------------------- papers


def read_choice(rule: Mapping[str, Any], options: int, said: Any) -> dict[str, Any]:
    """One paper in its one canonical form; raises Wrong for whatever is not exactly a paper of this rule.

    consent, majority {"answer"}, consent also {"reason"}; approval, committee, budget {"approved": [0, 2]}; score, dots
    {"grades": [3, null]}; ranked {"ranking": [[2], [0, 1]]}. An empty paper is valid: it takes part and names nothing.
    """
    if not isinstance(said, Mapping):
        raise Wrong("shape")
    method = rule["method"]
    if method == CONSENT:
        return _consent(said)
    if method == MAJORITY:
        return {"answer": _answer(said, (YES, NO, ABSTAIN))}
    if method in NAMING:
        return {"approved": _approved(said, options)}
    if method in GRADING:
        return {"grades": _grades(rule, said, options)}
    return {"ranking": _ranking(rule, said, options)}


def _only(said: Mapping[str, Any], *keys: str) -> None:
    if not set(said) <= set(keys):
        raise Wrong("shape")


def _answer(said: Mapping[str, Any], known: Sequence[str]) -> str:
    _only(said, "answer", "reason")
    if said.get("answer") not in known:
        raise Wrong("answer")
    return str(said["answer"])


def _consent(said: Mapping[str, Any]) -> dict[str, Any]:
    answer, reason = _answer(said, CONSENTS), said.get("reason") or ""
    if not isinstance(reason, str) or len(reason) > MOST_REASON:
        raise Wrong("long_reason")
    if "\x00" in reason:
        raise Wrong("shape")  # PostgreSQL keeps no such sign
    reason = reason.strip() if answer in {CONCERN, OBJECTION} else ""
    if answer == OBJECTION and not reason:
        raise Wrong("reason")
    return {"answer": answer, "reason": reason} if reason else {"answer": answer}


def _places(numbers: Any, options: int) -> list[int]:
    if not isinstance(numbers, list | tuple) or not all(_is_int(one) and 0 <= one < options for one in numbers):
        raise Wrong("option")
    if len(set(numbers)) < len(numbers):
        raise Wrong("twice")
    return list(numbers)


def _approved(said: Mapping[str, Any], options: int) -> list[int]:
    _only(said, "approved")
    return sorted(_places(said.get("approved"), options))


def _grades(rule: Mapping[str, Any], said: Mapping[str, Any], options: int) -> list[int | None]:
    _only(said, "grades")
    grades = said.get("grades")
    if not isinstance(grades, list | tuple) or len(grades) != options or not all(one is None or _is_int(one) for one in grades):
        raise Wrong("option")
    low, high = rule["scale"] if rule["method"] == SCORE else (0, rule["most"])
    if any(one is not None and not low <= one <= high for one in grades):
        raise Wrong("grade")
    if rule["method"] == DOTS and sum(one or 0 for one in grades) > rule["dots"]:
        raise Wrong("too_many_dots")
    return [one or None for one in grades] if rule["method"] == DOTS else list(grades)


def _ranking(rule: Mapping[str, Any], said: Mapping[str, Any], options: int) -> list[list[int]]:
    _only(said, "ranking")
    ranking = said.get("ranking")
    if not isinstance(ranking, list | tuple) or not all(isinstance(place, list | tuple) and place for place in ranking):
        raise Wrong("shape")
    _places([one for place in ranking for one in place], options)
    if rule["method"] != SCHULZE and any(len(place) > 1 for place in ranking):
        raise Wrong("equal_places")
    return [sorted(place) for place in ranking]


def is_empty(choice: Mapping[str, Any]) -> bool:
    """Whether a paper takes part and names nothing."""
    if "grades" in choice:
        return all(one is None for one in choice["grades"])
    return not any(choice.values())


def ranking_of(places: Mapping[int, int | None]) -> list[list[int]]:
    """From "option 2 is my first" to a ranking: option -> place, None where it was not ranked. Places may be left out."""
    used = sorted({place for place in places.values() if place is not None})
    return [sorted(option for option, at in places.items() if at == place) for place in used]


def marks_too_few(marks: Collection[tuple[Any, ...]], counts: Mapping[tuple[Any, ...], int]) -> list[tuple[Any, ...]]:
    """Kinds of secret papers (votes, group, investing) that fewer than five voters would share: they would tell who chose what."""
    return sorted((one for one in marks if 0 < counts[one] < LEAST_TOGETHER), key=str) if len(marks) > 1 else []


# -------------------------------------------------------------------------------------------------------------------- codes

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, 1, I, L, O, U: nobody mistakes them on paper."""
CODE_LENGTH = 20  # 98 bits


def read_code(text: Any) -> str | None:
    """A receipt code as it is kept, from what was typed: capitals, without blanks and strokes; None where it is none."""
    if not isinstance(text, str) or len(text) > 4 * CODE_LENGTH:
        return None
    code = "".join(text.upper().replace("-", " ").split())
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def write_code(code: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_hash(ballot: Any, code: str) -> str:
    """What is kept of a receipt code: SHA-256 of `<uuid of the ballot>:<code without strokes>`."""
    return sha256(f"{ballot}:{code}".encode()).hexdigest()


MARK_LENGTH = 16


def mark(hashed: str) -> str:
    """The check mark under which a paper is published: the beginning of its hash."""
    return hashed[:MARK_LENGTH]

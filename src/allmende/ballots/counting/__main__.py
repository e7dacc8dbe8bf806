"""`./allmende count FILE --method M [--seats N]`: count the ballots of a file and print everything as JSON. No database, no server.

Whatever the file says itself (seats, sum of money, the rule of a published ballot) counts unless the command says otherwise. Faults of
the file are said in a sentence with the line; then the exit code is 2. An open tie is a result, not a fault: exit code 0.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import BUDGETS, COMMITTEES, METHODS, CountError, agrees, count_document
from .documents import Document, complain, decode
from .formats import KINDS, read
from .places import read_fraction
from .profiles import Approvals, Profile, Rankings
from .published import read_json
from .votes import Pool

FAULT = 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./allmende count",
        description="Count the ballots of a file and print every stage as JSON. Files: own JSON, BLT, PrefLib, Pabulib, approval profiles, "
        "tables of ranked ballots. docs/ballots.md has the details.",
    )
    parser.add_argument("file", help="the file; - reads from the input")
    parser.add_argument("--method", choices=METHODS, help="how to count (otherwise what the file says)")
    parser.add_argument("--format", choices=KINDS, dest="kind", help="the format, where the file does not show it itself")
    parser.add_argument("--seats", type=int, help="how many are to be elected")
    parser.add_argument("--rule", choices=("scottish", "wigm-prf"), help="stv: which rule (default: scottish)")
    parser.add_argument("--lot", metavar="3,1,2", help="the order in which the options were drawn, numbers from 1")
    parser.add_argument("--seed", help="words published before the vote, from which the lot is computed")
    parser.add_argument("--withdrawn", metavar="4,5", help="options that withdrew, numbers from 1")
    parser.add_argument("--threshold", metavar="3/4", help="majority, approval: share that is needed")
    parser.add_argument("--base", choices=("cast", "present", "all"), help="majority: what the votes are compared with")
    parser.add_argument("--abstentions", choices=("in", "out"), help="majority: whether abstentions count as cast")
    parser.add_argument("--quorum", metavar="1/4", help="share of all entitled that has to take part")
    parser.add_argument("--eligible", type=int, help="how many votes there are in all")
    parser.add_argument("--present", type=int, help="how many votes are present")
    parser.add_argument("--scale", metavar="0,5", help="score: lowest and highest grade")
    parser.add_argument("--by", choices=("sum", "average"), help="score: what is compared")
    parser.add_argument("--dots", type=int, help="dots: how many each person has")
    parser.add_argument("--budget", help="budgets: the sum of money")
    parser.add_argument("--utility", choices=("cost", "one"), help="mes: what a project is worth to its supporters")
    parser.add_argument("--completion", choices=("add-one", "none"), help="mes: what happens with the rest of the money")
    parser.add_argument("--raise-by", metavar="10", help="mes: the step by which everybody's share grows in the completion (1)")
    parser.add_argument("--unaffordable", choices=("skip", "stop"), help="greedy: what happens at a project that does not fit")
    return parser


def _numbers(text: str, what: str) -> list[int]:
    words = text.replace(",", " ").split()
    if not words or not all(word.lstrip("-").isdigit() for word in words):
        complain(f"{what} is a list of whole numbers such as 3,1,2.")
    return [int(word) for word in words]


def _said(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the command line says about counting."""
    names = ("seats", "rule", "seed", "threshold", "base", "abstentions", "eligible", "present", "by", "dots", "utility", "unaffordable")
    said = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    if arguments.quorum:
        said["quorum"] = arguments.quorum if "/" in arguments.quorum else read_fraction(arguments.quorum, "The quorum")
    if arguments.budget:
        said["budget"] = read_fraction(arguments.budget, "The budget")
    if arguments.raise_by:
        said["raise_by"] = read_fraction(arguments.raise_by, "The step")
    if arguments.completion:
        said["completion"] = None if arguments.completion == "none" else arguments.completion
    if arguments.scale:
        said["scale"] = _numbers(arguments.scale, "The scale")
    if arguments.lot:
        said["lot"] = [number - 1 for number in _numbers(arguments.lot, "The lot")]
    return said


def _withdraw(profile: Profile | Pool, text: str) -> Rankings:
    if not isinstance(profile, Rankings):
        raise CountError("Only from rankings options can withdraw.")
    gone = {number - 1 for number in _numbers(text, "The list of those who withdrew")}
    return Rankings(profile.options, profile.ballots, profile.withdrawn | gone)


def _read(arguments: argparse.Namespace) -> Document:
    path = Path(arguments.file)
    try:
        content = sys.stdin.buffer.read() if arguments.file == "-" else path.read_bytes()
    except OSError as error:
        complain(f"{path} cannot be read: {error.strerror}.")
    text = decode(content)
    document = read(text, path.name, arguments.kind)
    # In a published file the method says how a choice is to be read.
    return read_json(text, arguments.method) if document.kind == "allmende" and arguments.method else document


def _method(document: Document, wanted: str | None) -> str:
    if wanted:
        return wanted
    if "method" in document.rule:
        return str(document.rule["method"])
    if isinstance(document.profile, Pool):
        return BUDGETS[0]
    if isinstance(document.profile, Approvals):
        return "seqpav"
    return complain(f"The file does not say how to count; --method takes one of {', '.join(METHODS)}.")


SAID_BY_FILES = {"seats": ("approval", "score", "dots", "stv", "committee", *COMMITTEES), "budget": ("budget", *BUDGETS)}


def _options(document: Document, method: str, said: dict[str, Any]) -> dict[str, Any]:
    """What the file says, as far as it is meant for this method, and over it what the command says."""
    own = {key: value for key, value in document.rule.items() if key != "method"}
    if method != document.rule.get("method"):
        ties = {"ties", "lot", "seed", "eligible", "present", "quorum"}
        own = {key: value for key, value in own.items() if key in ties or method in SAID_BY_FILES.get(key, ())}
    if "lot" in said or "seed" in said:
        own = {key: value for key, value in own.items() if key not in {"ties", "lot", "seed"}}
    return own | said


def answer(arguments: argparse.Namespace) -> dict[str, Any]:
    """Read, count, and say with which file and rule. Raises CountError."""
    document = _read(arguments)
    if arguments.withdrawn:
        others = _withdraw(document.others, arguments.withdrawn) if document.others else None
        document = replace(document, profile=_withdraw(document.profile, arguments.withdrawn), others=others)
    method = _method(document, arguments.method)
    said = _said(arguments)
    result = count_document(document, method, _options(document, method, said))
    head: dict[str, Any] = {"file": Path(arguments.file).name, "format": document.kind, "title": document.title}
    if document.remarks:
        head["remarks"] = list(document.remarks)
    if document.published is not None and not said and method == document.rule.get("method"):
        head["same_as_published"] = agrees(result, document.published)
    return head | result


def main(words: Sequence[str] | None = None) -> int:
    """Print the count of the file; 2 and a sentence when it cannot be counted."""
    arguments = _parser().parse_args(words)
    try:
        result = answer(arguments)
    except CountError as error:
        print(f"Allmende: {Path(arguments.file).name}: {error}", file=sys.stderr)
        return FAULT
    except (MemoryError, RecursionError):
        print(f"Allmende: {Path(arguments.file).name} is too large to be counted here.", file=sys.stderr)
        return FAULT
    try:
        print(json.dumps(result, ensure_ascii=False, indent=2))
    except BrokenPipeError:  # whoever read the output had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The polling booth: the paper and the word that it lies in the box, the two pages ten thousand people open within a minute.

Whoever has one voice and fills in a first paper gets them from a stencil (web/stencil.py); a second voice, a paper with mistakes, a paper
to be changed in an open box are drawn anew, by the same templates.
"""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString

from allmende.ballots import boxes, rules
from allmende.ballots.deciding import Papers, Voice, voice_for, voices_for
from allmende.ballots.models import Ballot, Box, Option
from allmende.electorates.models import Voter
from allmende.web.stencil import Draw, Stencils, page

BOOTH, RECEIPT = "ballots/booth.html", "ballots/receipt.html"
_booths, _receipts = Stencils(BOOTH), Stencils(RECEIPT)


def draw(request: HttpRequest, ballot: Ballot, voters: list[Voter], wrong: Voice | None = None) -> SafeString:
    """The booth for these voices of one person; `wrong` is a paper with mistakes, shown again with what was typed."""
    if wrong is None and len(voters) == 1:
        has_voted = voters[0].pk in boxes.of(ballot).took_part(ballot, voters)
        if ballot.box == Box.DETACHED or not has_voted:
            return _from_stencil(request, ballot, voters[0], has_voted)
    options = _options(ballot)
    papers = voices_for(ballot, voters, options)
    if wrong is not None:
        papers = [replace(wrong, has_voted=one.has_voted) if one.voter.pk == wrong.voter.pk else one for one in papers]
    return page(BOOTH, request.path, _shown(Papers(ballot, options, papers)) | {"csrf_token": get_token(request)})


def _from_stencil(request: HttpRequest, ballot: Ballot, voter: Voter, has_voted: bool) -> SafeString:
    def context(word: Any) -> dict[str, Any]:
        somebody = Voter(pk=word("voter"), votes=voter.votes)
        options = _options(ballot)
        paper = replace(voice_for(ballot, somebody, options, has_voted), code="" if has_voted else word("code"))
        return _shown(Papers(ballot, options, [paper])) | {"csrf_token": word("csrf")}

    code = "" if has_voted else boxes.new_code()
    key = (ballot.pk, ballot.closes_at, voter.votes, has_voted)
    return _booths.fill(key, context, request.path, voter=str(voter.pk), code=code, csrf=get_token(request))


def receipt(request: HttpRequest, ballot: Ballot, voters: list[Voter], voter: Voter, code: str | None) -> SafeString:
    """That the paper lies in the box; for a detached one with the code that is shown this once (`code`), for an open one without."""
    words = {"code": rules.write_code(code), "mark": rules.mark(rules.code_hash(ballot.uuid, code))} if code else {}
    if len(voters) > 1:
        left = [one for one in voices_for(ballot, voters, _options(ballot)) if not one.has_voted]
        return page(RECEIPT, request.path, _said(ballot) | words | {"voter": voter, "left": left})
    draw: Draw = lambda word: _said(ballot) | {name: word(name) for name in words}  # noqa: E731 - one line says it
    return _receipts.fill((ballot.pk, ballot.closes_at), draw, request.path, **words)


def _shown(papers: Papers) -> dict[str, Any]:
    return _said(papers.ballot) | {"panel": papers}


def _said(ballot: Ballot) -> dict[str, Any]:
    return {"cooperative": ballot.cooperative, "ballot": ballot}


def _options(ballot: Ballot) -> list[Option]:
    return list(ballot.options.all()) if ballot.rule["method"] not in rules.ANSWERED else []

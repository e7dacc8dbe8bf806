"""Writing a proposal: the first version and every further one, on top of the newest. Two who save at once lose nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.ideas.models import Idea
from allmende.ideas.models import State as IdeaState
from allmende.people.models import Person
from allmende.proposals import access, queries, rules
from allmende.proposals.models import Author, Paragraph, Proposal, Version


@dataclass(frozen=True)
class Written:
    """What the form says of a version."""

    title: str
    summary: str
    text: str
    rationale: str = ""
    why: str = ""


class Overtaken(Refused):
    """Somebody else saved meanwhile. `newest` is what stands there now; nothing was written."""

    def __init__(self, newest: Version) -> None:
        super().__init__(_("Somebody else has saved this proposal in the meantime. Your text is still here; please look at both."))
        self.newest = newest


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now, locked until the end of the transaction."""
    return Proposal.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=proposal.pk)


@transaction.atomic
def start_proposal(cooperative: Cooperative, said: Written, *, by: Person, idea: Idea | None = None) -> Proposal:
    """A draft with the next number of this year, seen by its author alone; `idea` is what it comes from."""
    cooperative = Cooperative.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cooperative.pk)
    require(access.may_propose(by, cooperative), _("Only those who take part in this cooperative can propose something."), NotAllowed)
    if idea is not None:
        known = idea.cooperative_id == cooperative.pk and idea.hidden_at is None
        require(known and idea.state not in (IdeaState.MERGED, IdeaState.WITHDRAWN), _("A proposal cannot come from this idea."), BadInput)
    said, texts = _checked(said)
    year = localdate().year
    serial = (Proposal.objects.filter(cooperative=cooperative, year=year).aggregate(most=Max("serial"))["most"] or 0) + 1
    proposal = Proposal.objects.create(cooperative=cooperative, year=year, serial=serial, title=said.title, summary=said.summary, idea=idea)
    Author.objects.create(proposal=proposal, person=by, accepted_at=timezone.now())
    _write(proposal, 1, said, rules.keyed([], texts), by=by)
    trail.record("proposals.proposal_started", by=by, about=proposal, cooperative=cooperative.pk, idea=idea.pk if idea else None)
    return proposal


@transaction.atomic
def save_version(proposal: Proposal, said: Written, *, base: int, by: Person) -> Version:
    """Another version on top of `base`, the number of the one that was read. Raises Overtaken if that is not the newest any more."""
    proposal = locked(proposal)
    require(access.may_write(by, proposal), _("Only its authors change a proposal; everybody else proposes an amendment."), NotAllowed)
    require(proposal.state in access.EDITABLE, _("The text of this proposal is fixed now."))
    require(queries.is_open(proposal, "edit"), _("In this phase the text is not changed. The phases say when it is open again."))
    newest = queries.version_of(proposal)
    if base != newest.number:
        raise Overtaken(newest)
    said, texts = _checked(said)
    before = queries.parts_of(newest)
    parts = rules.keyed(before, texts)
    if (said.title, said.summary, said.rationale) == (newest.title, newest.summary, newest.rationale) and parts == before:
        return newest
    version = _write(proposal, newest.number + 1, said, parts, by=by)
    _record(proposal, version, by)
    return version


def add_version(
    proposal: Proposal, parts: Sequence[rules.Part], *, why: str, amendment: int, by: Person | None, is_undoing: bool = False
) -> Version:
    """The version an amendment makes: the same words around other paragraphs. The caller has locked the proposal and asked who may."""
    require(parts, _("A proposal needs at least one paragraph."))
    require(len(parts) <= rules.PARAGRAPHS, _("A proposal has at most %d paragraphs.") % rules.PARAGRAPHS)
    newest = queries.version_of(proposal)
    said = Written(newest.title, newest.summary, "", newest.rationale, why[:500])
    version = _write(proposal, newest.number + 1, said, parts, by=by, amendment=amendment, is_undoing=is_undoing)
    _record(proposal, version, by)
    return version


def _record(proposal: Proposal, version: Version, by: Person | None) -> None:
    facts = {"cooperative": proposal.cooperative_id, "number": version.number, "amendment": version.amendment}
    trail.record("proposals.version_saved", by=by, about=proposal, state=proposal.state, **facts)


def _write(
    proposal: Proposal,
    number: int,
    said: Written,
    parts: Sequence[rules.Part],
    *,
    by: Person | None,
    amendment: int | None = None,
    is_undoing: bool = False,
) -> Version:
    version = Version.objects.create(
        proposal=proposal,
        number=number,
        title=said.title,
        summary=said.summary,
        rationale=said.rationale,
        why=said.why,
        amendment=amendment,
        is_undoing=is_undoing,
        by=by,
    )
    Paragraph.objects.bulk_create(
        Paragraph(version=version, position=n, key=one.key, text=one.text, origin=one.origin) for n, one in enumerate(parts, 1)
    )
    proposal.title, proposal.summary, proposal.newest, proposal.changed_at = said.title, said.summary, number, timezone.now()
    proposal.save(update_fields=["title", "summary", "newest", "changed_at"])
    return version


def _checked(said: Written) -> tuple[Written, list[str]]:
    """Cleaned words and their paragraphs; BadInput with a sentence where something is missing or too long."""
    title = " ".join(clean(said.title).split())
    summary, rationale, why = clean(said.summary), clean(said.rationale), " ".join(clean(said.why).split())
    texts = rules.paragraphs(clean(said.text))
    require(title, _("Please give the proposal a title."), BadInput)
    require(texts, _("Please write what is proposed, in at least one paragraph."), BadInput)
    require(len(texts) <= rules.PARAGRAPHS, _("A proposal has at most %d paragraphs.") % rules.PARAGRAPHS, BadInput)
    for words, most in ((title, rules.TITLE_LIMIT), (summary, rules.SUMMARY_LIMIT), (rationale, rules.RATIONALE_LIMIT), (why, 500)):
        require(len(words) <= most, _("This text is too long: at most %d characters.") % most, BadInput)
    longest = max(len(one) for one in texts)
    require(longest <= rules.PARAGRAPH_LIMIT, _("A paragraph is too long: at most %d characters.") % rules.PARAGRAPH_LIMIT, BadInput)
    require(sum(map(len, texts)) <= rules.TEXT_LIMIT, _("This text is too long: at most %d characters.") % rules.TEXT_LIMIT, BadInput)
    return Written(title, summary, "", rationale, why), texts

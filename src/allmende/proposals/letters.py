"""What authors and supporters are told of a proposal, each in their own language; names of people stand in none of it."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.ground.models import Entry
from allmende.people.actions import tell
from allmende.people.models import Notice, Person
from allmende.proposals import access, queries
from allmende.proposals.models import Author, Proposal, State

Words = Callable[[Proposal, Entry], tuple[str, str]]


def tell_of(entry: Entry) -> int:
    """Tell everybody whom this line of the trail concerns, each once however often this runs; how many were told now."""
    proposal = Proposal.objects.filter(pk=int(entry.about), hidden_at=None).select_related("cooperative__organisation").first()
    if proposal is None or entry.verb not in WORDS:
        return 0
    people = _concerned(proposal, entry).exclude(pk=entry.by_id or 0)
    return tell_all(people, proposal, entry, WORDS[entry.verb], _path(proposal, entry))


def tell_all(people: QuerySet[Person], proposal: Proposal, entry: Entry, words: Words, path: str) -> int:
    """The same news for these people; whoever has it already is left out. Rooms above tell of their things with it, too."""
    known = set(Notice.objects.filter(kind=kind_of(entry), path=path, created_at__gte=entry.at).values_list("person", flat=True))
    told = 0
    for person in people.order_by("pk"):
        if person.pk in known:
            continue
        with translation.override(person.language):
            subject, text = words(proposal, entry)
            tell(person, kind=kind_of(entry), subject=subject, text=text, path=path)
        told += 1
    return told


def kind_of(entry: Entry) -> str:
    """Under which kind a line of the trail is told: the area is the room of proposals, so that one choice holds for all of it."""
    return f"proposals.{entry.verb.partition('.')[2]}"


def _concerned(proposal: Proposal, entry: Entry) -> QuerySet[Person]:
    if entry.verb == "proposals.author_invited":
        return access.circle_of(proposal.cooperative).filter(pk__in=Author.objects.filter(pk=entry.facts["author"]).values("person"))
    if entry.verb in ("proposals.proposal_sent_back", "proposals.author_accepted", "proposals.author_declined"):
        return access.authors_of(proposal)
    if entry.verb == "proposals.version_saved" and proposal.state == State.DRAFT:
        return access.authors_of(proposal)
    if entry.verb == "proposals.proposal_brought_in":
        return constitution.holders(proposal.cooperative, constitution.ADMINISTERING)
    return access.audience(proposal)


def _path(proposal: Proposal, entry: Entry) -> str:
    if entry.verb == "proposals.version_saved":
        at = (proposal.cooperative.organisation.slug, proposal.year, proposal.serial, entry.facts["number"])
        return reverse("proposals:version", args=at)
    return proposal.get_absolute_url()


def _version(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title, "n": entry.facts["number"]}
    if amendment := entry.facts.get("amendment"):
        text = _("Version %(n)d of “%(title)s” comes from amendment Ä%(amendment)d.") % {**facts, "amendment": amendment}
    else:
        text = _("Its authors saved version %(n)d of “%(title)s”. The page shows what changed.") % facts
    version = queries.version_of(proposal, entry.facts["number"])
    if version.why:
        text += "\n\n" + version.why
    return _("%(number)s has a new version") % facts, text


def _invited(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title, "name": proposal.cooperative.organisation.name}
    text = _("The authors of “%(title)s” (%(name)s) ask you to write along. On the page of the proposal you accept or decline.")
    return _("Will you write along on %(number)s?") % facts, text % facts


def _accepted(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title}
    return _("%(number)s has another author") % facts, _("Somebody you invited writes along on “%(title)s” now.") % facts


def _declined(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title}
    return _("An invitation to %(number)s was declined") % facts, _("Somebody you invited to “%(title)s” does not write along.") % facts


def _brought_in(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title, "state": proposal.get_state_display()}
    return _("New proposal: %(title)s") % facts, _("%(number)s “%(title)s” was brought in. State: %(state)s.") % facts


def _admitted(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title}
    text = _("“%(title)s” is deliberated now: arguments, questions and amendments are welcome.")
    return _("%(number)s is admitted") % facts, text % facts


def _sent_back(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title, "why": proposal.last_word}
    text = _("“%(title)s” is a draft again.\n\nReason: %(why)s\n\nYou can change it and bring it in again.")
    return _("%(number)s was sent back") % facts, text % facts


def _withdrawn(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title, "why": proposal.last_word}
    return _("%(number)s was withdrawn") % facts, _("Its authors have withdrawn “%(title)s”.\n\nReason: %(why)s") % facts


def _reopened(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title}
    return _("%(number)s is taken up again") % facts, _("“%(title)s” is worked on again.") % facts


def _opened(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title}
    text = _("A decision about “%(title)s” is open. Until it is counted, the text stays as it is.")
    return _("%(number)s is being decided") % facts, text % facts


def _cancelled(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title}
    text = _("The decision about “%(title)s” was cancelled. It is deliberated on.")
    return _("The decision about %(number)s was cancelled") % facts, text % facts


def _decided(proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"number": proposal.number, "title": proposal.title, "round": entry.facts["round"]}
    if entry.facts["state"] == State.ACCEPTED:
        return _("%(number)s is accepted") % facts, _("“%(title)s” is accepted. The page shows what follows from it.") % facts
    if entry.facts["state"] == State.REJECTED:
        return _("%(number)s is rejected") % facts, _("“%(title)s” is rejected. The page shows the count.") % facts
    if entry.facts["outcome"] == "objections":
        text = _("There are objections to “%(title)s”. It is deliberated again, to work them in: round %(round)d.")
        return _("Objections to %(number)s") % facts, text % facts
    text = _("The decision about “%(title)s” brought no result. It is deliberated again: round %(round)d.")
    return _("No result for %(number)s") % facts, text % facts


WORDS: dict[str, Words] = {
    "proposals.version_saved": _version,
    "proposals.author_invited": _invited,
    "proposals.author_accepted": _accepted,
    "proposals.author_declined": _declined,
    "proposals.proposal_brought_in": _brought_in,
    "proposals.proposal_admitted": _admitted,
    "proposals.proposal_sent_back": _sent_back,
    "proposals.proposal_withdrawn": _withdrawn,
    "proposals.proposal_reopened": _reopened,
    "proposals.decision_opened": _opened,
    "proposals.decision_cancelled": _cancelled,
    "proposals.proposal_decided": _decided,
}
"""Which lines of the trail are told, and in which words."""

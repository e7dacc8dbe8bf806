"""What this room tells people, in the language of whoever reads it. Nobody is told of what they did themselves."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.directory.access import keepers_of
from allmende.feedback import access, queries, rules
from allmende.feedback.models import Invitation, Review, Round, Suggestion, Verdict
from allmende.people.actions import tell
from allmende.people.models import Person

Said = tuple[str, str]


def round_path(found: Round) -> str:
    """The page of a round."""
    return reverse("feedback:round", args=[found.pk])


def give_path(invitation: Invitation) -> str:
    """Where an organisation that was invited answers."""
    return f"{reverse('feedback:give', args=[invitation.round_id])}?as={invitation.organisation_id}"


def review_path(review: Review) -> str:
    """Where a review stands."""
    return f"{round_path(review.round)}#rueckmeldung-{review.pk}"


def invited(invitation: Invitation) -> None:
    """Tell those who look after an organisation that it was asked."""

    def said() -> Said:
        found = invitation.round
        subject = _("You are asked for feedback: %(project)s") % {"project": found.project.title}
        lines = [
            _("%(asker)s asks %(organisation)s for feedback on this project.") % _names(invitation),
            "\n".join(f"{number}. {text}" for number, text in enumerate(queries.questions(found), 1)),
            _until(found) + " " + _("If it does not suit you, say no there: that helps as well."),
        ]
        return subject, "\n\n".join(lines)

    others = [one for one in keepers_of(invitation.organisation) if one.pk != invitation.invited_by_id]
    _tell(others, "feedback.invited", said, give_path(invitation))


def more_time(invitation: Invitation) -> None:
    """Tell those who have not answered yet that there is more time."""

    def said() -> Said:
        subject = _("More time for your feedback: %(project)s") % {"project": invitation.round.project.title}
        return subject, _("%(asker)s gives more time.") % _names(invitation) + " " + _until(invitation.round)

    _tell(keepers_of(invitation.organisation), "feedback.more_time", said, give_path(invitation))


def reminded(invitation: Invitation) -> None:
    """Remind those who look after an organisation, once."""

    def said() -> Said:
        subject = _("Soon over: feedback on %(project)s") % {"project": invitation.round.project.title}
        text = _("%(asker)s has asked %(organisation)s for feedback, and nobody has answered yet.") % _names(invitation)
        return subject, f"{text} {_until(invitation.round)} " + _("This is the only reminder.")

    _tell(keepers_of(invitation.organisation), "feedback.reminded", said, give_path(invitation))


def declined(invitation: Invitation) -> None:
    """Tell those who asked that an organisation will not answer; its word stands on the page."""

    def said() -> Said:
        subject = _("%(organisation)s gives no feedback this time") % _names(invitation)
        return subject, invitation.word or _("They left no word about it.")

    _tell(access.keepers_of(invitation.round), "feedback.declined", said, round_path(invitation.round))


def came_in(found: Round, number: int) -> None:
    """Tell those who asked how much feedback is new."""

    def said() -> Said:
        subject = _("New feedback on %(project)s") % {"project": found.project.title}
        text = ngettext("%(number)d new answer to your questions.", "%(number)d new answers to your questions.", number)
        return subject, text % {"number": number} + " " + _("Tell those who gave it what becomes of each suggestion.")

    _tell(access.keepers_of(found), "feedback.given", said, round_path(found))


def answered(review: Review, changed: Sequence[Suggestion], by: Person) -> None:
    """Tell those who gave feedback what became of it."""

    def said() -> Said:
        subject = _("What became of your feedback on %(project)s") % {"project": review.round.project.title}
        lines = [f"{one.text}\n{Verdict(one.verdict).label}" + (f": {one.because}" if one.because else "") for one in changed]
        lines += [_("To your questions:") + "\n" + review.reply] if review.reply else []
        lines += [_("Thanks:") + " " + review.thanks] if review.thanks else []
        return subject, "\n\n".join(lines)

    _tell(access.givers_of(review).exclude(pk=by.pk), "feedback.answered", said, review_path(review))


def closed(found: Round, by: Person | None) -> None:
    """Tell everybody who gave something that the round is over, and those who asked if nobody of them closed it."""

    def said() -> Said:
        subject = _("The feedback round is over: %(project)s") % {"project": found.project.title}
        lines = [_summary(found), _("What came out of it:") + "\n" + found.word if found.word else ""]
        return subject, "\n\n".join(line for line in lines if line)

    givers = queries.people_of(found)
    _tell(givers.exclude(pk=by.pk) if by else givers, "feedback.closed", said, _summary_path(found))
    if by is None:
        _tell(access.keepers_of(found), "feedback.closed", lambda: _to_askers(found), round_path(found))


def _to_askers(found: Round) -> Said:
    subject = _("Your feedback round is over: %(project)s") % {"project": found.project.title}
    return subject, _summary(found) + " " + _("Say in a few sentences what came out of it; those who gave something will read it.")


def word_written(found: Round, by: Person) -> None:
    """Tell everybody who gave something what came out of the round."""

    def said() -> Said:
        return _("What came out of the feedback: %(project)s") % {"project": found.project.title}, found.word

    _tell(queries.people_of(found).exclude(pk=by.pk), "feedback.word_written", said, _summary_path(found))


def hidden(thing: Round | Review) -> None:
    """Tell those who wrote it, and those who asked, that it was taken off, and why."""

    def said() -> Said:
        subject = _("Taken off: %(what)s") % {"what": _what(thing)}
        return subject, _("Network management took it off all pages. The reason: %(reason)s") % {"reason": thing.hidden_because}

    _tell(_concerned(thing), "feedback.hidden", said, _path(thing))


def shown_again(thing: Round | Review, reason: str) -> None:
    """Tell the same people that it is back."""

    def said() -> Said:
        return _("Back again: %(what)s") % {"what": _what(thing)}, reason or _("It stands on its page again as it was.")

    _tell(_concerned(thing), "feedback.shown", said, _path(thing))


# --------------------------------------------------------------------------------------------------------------- words


def _names(invitation: Invitation) -> dict[str, str]:
    return {"asker": queries.name_of(invitation.round.organisation), "organisation": queries.name_of(invitation.organisation)}


def _until(found: Round) -> str:
    return _("The round is open until %(date)s.") % {"date": date_format(timezone.localtime(found.deadline), "DATETIME_FORMAT")}


def _summary(found: Round) -> str:
    """How it ended, in one or two sentences."""
    number, became = queries.number_given(found), queries.became_of(found)
    text = ngettext("%(number)d gave feedback.", "%(number)d gave feedback.", number) % {"number": number}
    return f"{text} {became_sentence(became)}".strip()


def became_sentence(became: Counter[str]) -> str:
    """What became of suggestions as a sentence: `Of 5 suggestions 2 were taken up, 1 comes later, 1 was not taken up, 1 waits.`"""
    total = sum(became.values())
    if not total:
        return ""
    parts = [
        ngettext("%(n)d was taken up", "%(n)d were taken up", became[rules.TAKEN_UP]) % {"n": became[rules.TAKEN_UP]},
        ngettext("%(n)d comes later", "%(n)d come later", became[rules.LATER]) % {"n": became[rules.LATER]},
        ngettext("%(n)d was not taken up", "%(n)d were not taken up", became[rules.NO]) % {"n": became[rules.NO]},
        ngettext("%(n)d waits for an answer", "%(n)d wait for an answer", became[""]) % {"n": became[""]},
    ]
    said = [part for part, key in zip(parts, (rules.TAKEN_UP, rules.LATER, rules.NO, ""), strict=True) if became[key]]
    head = ngettext("Of %(total)d suggestion", "Of %(total)d suggestions", total) % {"total": total}
    return f"{head} {', '.join(said)}."


def _what(thing: Round | Review) -> str:
    if isinstance(thing, Round):
        return _("feedback round on %(project)s") % {"project": thing.project.title}
    return _("feedback on %(project)s") % {"project": thing.round.project.title}


def _path(thing: Round | Review) -> str:
    return round_path(thing) if isinstance(thing, Round) else review_path(thing)


def _summary_path(found: Round) -> str:
    return reverse("feedback:summary", args=[found.pk])


def _concerned(thing: Round | Review) -> list[Person]:
    if isinstance(thing, Round):
        return list(access.keepers_of(thing))
    people = {one.pk: one for one in (*access.givers_of(thing), *access.keepers_of(thing.round))}
    return [people[pk] for pk in sorted(people)]


def _tell(people: Iterable[Person], kind: str, said: Callable[[], Said], path: str) -> None:
    for person in people:
        with translation.override(person.language):
            subject, text = said()
            tell(person, kind=kind, subject=subject, text=text, path=path)

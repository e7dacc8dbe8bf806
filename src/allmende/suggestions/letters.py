"""What this room writes to people: to those who decide, and to those who wrote something. In the language of whoever reads it.

Letters to addresses that somebody typed in never carry words that somebody typed in: nobody can use us to send theirs.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.directory import access as directory
from allmende.ground import outbox
from allmende.people.actions import tell
from allmende.people.models import Person
from allmende.suggestions import access, rules
from allmende.suggestions.models import Appeal, Effect, Ground, Matter, Outcome, Report, Side, State, Suggestion


def status_path(suggestion: Suggestion) -> str:
    """Where whoever suggested it sees what became of it, without an account."""
    return reverse("suggestions:status", args=[suggestion.uuid, access.token(suggestion)])


def report_path(report: Report, side: str = Side.NOTIFIER) -> str:
    """Where one side of a report sees the decision and can appeal, without an account."""
    return reverse("suggestions:report_status", args=[report.uuid, access.token(report, side)])


def suggested(suggestion: Suggestion) -> None:
    """Tell those who decide that something came in."""
    organisation = suggestion.organisation
    for person in _deciders(suggestion):
        with translation.override(person.language):
            if organisation is None:
                subject = _("Proposed for the map: %(name)s") % {"name": suggestion.fields.get("name", "")}
                text = _("Somebody proposed an organisation that is missing on the map. You take care of this area.")
            else:
                subject = _("Suggestion for %(name)s") % {"name": organisation.name}
                text = _("Somebody pointed something out about this entry. You decide what of it is taken over.")
            _tell(person, "suggestions.suggested", subject, text, reverse("suggestions:decide", args=[suggestion.uuid]))


def raised(suggestion: Suggestion) -> None:
    """Tell the caretakers that nobody has decided for a fortnight."""
    organisation = suggestion.organisation
    for person in directory.caretakers_of(organisation) if organisation else ():
        with translation.override(person.language):
            subject = _("Undecided for two weeks: suggestion for %(name)s") % {"name": _name(suggestion)}
            text = _("Those who look after this entry have not decided yet. From now on you may decide as well.")
            _tell(person, "suggestions.suggested", subject, text, reverse("suggestions:decide", args=[suggestion.uuid]))


def decided(suggestion: Suggestion, contact: str) -> None:
    """Tell whoever suggested it what became of it."""
    with translation.override(suggestion.by.language if suggestion.by else suggestion.language):
        organisation = suggestion.organisation
        subject = _("Your suggestion for %(name)s: %(state)s") % {"name": _name(suggestion), "state": State(suggestion.state).label}
        lines = [_outcome(suggestion)]
        goes_along = bool(suggestion.answer) and (suggestion.by is not None or _is_ours(suggestion))
        if goes_along:
            lines.append(_("A word from those who decided:") + "\n" + suggestion.answer)
        text = "\n\n".join(lines)
        if suggestion.by:
            _tell(suggestion.by, "suggestions.decided", subject, text, status_path(suggestion))
        elif contact:
            entry = organisation and organisation.state == "published" and reverse("directory:organisation", args=[organisation.slug])
            links = [_("The suggestion:") + " " + outbox.link(status_path(suggestion))]
            links += [_("The entry:") + " " + outbox.link(entry)] if entry else []
            links += [_("Those who decided have left you a word there.")] if suggestion.answer and not goes_along else []
            gone = _("We have now deleted your address here, as promised.")
            body = "\n\n".join([text, "\n".join(links), gone])
            outbox.post(contact, subject, body, language=translation.get_language(), kind="suggestions.decided", about=suggestion)


def _is_ours(suggestion: Suggestion) -> bool:
    """Whether a caretaker decided: anybody can enter an entry, suggest something to it with a foreign address, and answer themselves."""
    decided_by, organisation = suggestion.decided_by, suggestion.organisation
    return decided_by is not None and (organisation is None or directory.may_caretake_entry(decided_by, organisation))


def _name(suggestion: Suggestion) -> str:
    """What it is about; a proposed name only if a person has looked at it."""
    if suggestion.organisation:
        return suggestion.organisation.name
    return str(suggestion.fields.get("name", "")) if suggestion.decided_by_id else _("a missing organisation")


def _outcome(suggestion: Suggestion) -> str:
    count = len(rules.units(suggestion.fields))
    if suggestion.state == State.PARTLY:
        told = {"taken": len(suggestion.taken), "count": count}
        return ngettext("%(taken)d of %(count)d change was taken over.", "%(taken)d of %(count)d changes were taken over.", count) % told
    sentences = {
        State.ACCEPTED: _("Thank you. What you suggested is done."),
        State.DECLINED: _("It was not taken over this time. Thank you all the same for writing."),
        State.EXPIRED: _("Nobody decided on it for a year, so it has expired. If it still holds, please suggest it again."),
    }
    return str(sentences[State(suggestion.state)])


def received(report: Report) -> None:
    """The receipt of a notice, at once (Art. 16 (4))."""
    with translation.override(report.language):
        subject = _("We have received your report")
        text = _(
            "Caretakers of this directory will look at it and decide, people, not machines. You will hear of the decision, with reasons "
            "and how to appeal.\n\nWhere it stands: %(link)s"
        ) % {"link": outbox.link(report_path(report))}
        _answer(report, subject, text, "suggestions.report_received")


def reported(report: Report) -> None:
    """Tell the caretakers that a report waits."""
    for person in _judges(report, {report.by_id}):
        with translation.override(person.language):
            if report.matter == Matter.LAW:
                subject = _("Report of illegal content: %(name)s") % {"name": subject_of(report)}
                text = _("Please look at it soon: the law wants a decision in due time, with reasons.")
            else:
                subject = _("Report of a breach of the rules of conduct: %(name)s") % {"name": subject_of(report)}
                text = _("Somebody says that others are treated badly there. Please look at it soon and decide, with reasons.")
            _tell(person, "suggestions.reported", subject, text, reverse("suggestions:judge", args=[report.uuid]))


def judged(report: Report) -> None:
    """The decision to the notifier (Art. 16 (5)), the statement of reasons to those who look after the entry (Art. 17)."""
    with translation.override(report.language):
        _answer(report, _("Decision on your report"), _statement(report, Side.NOTIFIER), "suggestions.report_decided")
    if report.effect != Effect.NONE:
        for person in responsible_for(report):
            with translation.override(person.language):
                said = _("Decision about “%(name)s”") if report.kind else _("Decision about your entry %(name)s")
                subject = said % {"name": subject_of(report)}
                path = report_path(report, Side.STEWARD)
                _tell(person, "suggestions.report_decided", subject, _statement(report, Side.STEWARD), path)


def subject_of(report: Report) -> str:
    """What a report is about, in a few words."""
    return report.title or (report.organisation.name if report.organisation and not report.kind else "–")


def responsible_for(report: Report) -> Iterable[Person]:
    """The other side: who answered for the thing when it was reported, or who looks after the entry."""
    if report.kind:
        return report.responsible.filter(is_active=True)
    return directory.keepers_of(report.organisation) if report.organisation else ()


def _statement(report: Report, side: str) -> str:
    lines = [_("Decision: %(effect)s.") % {"effect": Effect(report.effect).label}]
    if report.ground:
        lines.append(_("Ground: %(ground)s %(basis)s") % {"ground": f"{Ground(report.ground).label}.", "basis": report.basis})
    lines.append(_("Facts and reasons:") + "\n" + report.facts)
    lines.append(_("It follows a report. Caretakers decided, no automated means were used."))
    lines.append(redress())
    if side == Side.NOTIFIER:
        lines.append(_("Decision and appeal: %(link)s") % {"link": outbox.link(report_path(report, side))})
    return "\n\n".join(lines)


def redress() -> str:
    """What one can do against a decision (Art. 17 (3) (f))."""
    return _(
        "If you think this is wrong, you can appeal here for six months, free of charge; another caretaker decides then. You can also turn "
        "to a certified out-of-court dispute settlement body (Article 21 of Regulation (EU) 2022/2065) or to a court."
    )


def appealed(appeal: Appeal) -> None:
    """Tell other caretakers than the first that an appeal waits."""
    report = appeal.report
    for person in _judges(report, {report.decided_by_id, report.by_id, appeal.by_id}):
        with translation.override(person.language):
            subject = _("Appeal against a decision: %(name)s") % {"name": subject_of(report)}
            text = _("Somebody objects to the decision on a report. Please look at it with fresh eyes.")
            _tell(person, "suggestions.appealed", subject, text, reverse("suggestions:judge_appeal", args=[report.uuid, appeal.pk]))


def appeal_judged(appeal: Appeal) -> None:
    """The reasoned decision on an appeal, to both sides."""
    report = appeal.report
    with translation.override(report.language):
        subject, text = _appeal_words(appeal)
        link = _("Decision and reasons: %(link)s") % {"link": outbox.link(report_path(report))}
        _answer(report, subject, f"{text}\n\n{link}", "suggestions.appeal_decided")
    for person in responsible_for(report):
        with translation.override(person.language):
            _tell(person, "suggestions.appeal_decided", *_appeal_words(appeal), report_path(report, Side.STEWARD))


def _appeal_words(appeal: Appeal) -> tuple[str, str]:
    lines = [f"{Outcome(appeal.outcome).label}.", appeal.answer]
    if appeal.outcome == Outcome.CHANGED:
        lines.insert(1, _("Now it is: %(effect)s.") % {"effect": Effect(appeal.report.effect).label})
    return _("Decision on the appeal"), "\n\n".join(lines)


def deadline(report: Report) -> str:
    """The last day of an appeal in words."""
    return date_format(report.decided_at + rules.APPEAL_WITHIN) if report.decided_at else ""


def _answer(report: Report, subject: str, text: str, kind: str) -> None:
    """To the notifier: in the house if they were signed in, and to the address they gave."""
    if report.by:
        tell(report.by, kind=kind, subject=subject, text=text, path=report_path(report), mail=not report.email)
    if report.email:
        outbox.post(report.email, subject, text, language=report.language, kind=kind, about=report)


def _deciders(suggestion: Suggestion) -> Iterable[Person]:
    organisation = suggestion.organisation
    if organisation is None:
        return access.caretakers_near(suggestion)
    if rules.is_for_caretakers(suggestion.problem) or not access.has_stewards(organisation):
        return directory.caretakers_of(organisation)
    return directory.keepers_of(organisation)


def _judges(report: Report, but: set[int | None]) -> Iterable[Person]:
    """The caretakers of the entry who are not involved; where these are none, those of the house; at last whoever there is."""
    house = Person.objects.filter(is_active=True, is_caretaker=True)
    near = directory.caretakers_of(report.organisation) if report.organisation else house
    keepers = directory.keepers_of(report.organisation) if report.organisation else Person.objects.none()
    answering = report.responsible.values("pk")
    gone = [pk for pk in but if pk]
    for found in (near, house):
        if left := list(found.exclude(pk__in=keepers.values("pk")).exclude(pk__in=answering).exclude(pk__in=gone)):
            return left
    return near


def _tell(person: Person, kind: str, subject: str, text: str, path: str) -> None:
    tell(person, kind=kind, subject=subject, text=text, path=path)

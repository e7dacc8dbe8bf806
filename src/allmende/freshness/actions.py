"""Asking, answering, and what caretakers do with what nobody answered."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.directory import actions as directory
from allmende.directory import queries as entries
from allmende.directory.access import caretakers_of, keepers_of
from allmende.directory.models import Organisation, Role, State, Stewardship
from allmende.editing.actions import take_off_the_map
from allmende.freshness import access, letters, queries, rules
from allmende.freshness.models import Gone, Look, Question, Reply, Whom
from allmende.freshness.rules import Standing
from allmende.ground import outbox, trail
from allmende.ground.refusals import NotAllowed, require
from allmende.ground.text import clean
from allmende.people.actions import tell
from allmende.people.models import Person

WORD = 1_000


# ------------------------------------------------------------------------------------------------------------ asking


def ask_about(pks: Sequence[int], now: datetime) -> int:
    """Write the letters that are due about these entries; how many. Each with its question in a transaction of its own.

    May run twice and may break off anywhere: a letter that was written is a question that is there, and is not written again.
    """
    known = queries.facts(pks)
    people = {one.person for fact in known for one in fact.keepers}
    unwanted = queries.without_letters(people)
    due = [(fact.organisation.pk, one.person, *_next(fact, one, now)) for fact in known for one in fact.keepers]
    due = [one for one in due if one[2] and one[1].pk not in unwanted]
    today = queries.letters_since({person for _pk, person, _number, _on in due}, now - timedelta(hours=20))  # the job may be early
    items = {one.pk: one for one in entries.whole(Organisation.objects.filter(pk__in={one[0] for one in due}))}
    written = 0
    for pk, person, number, round_on in due:
        may = today.get(person.pk, 0) < rules.LETTERS_A_DAY and outbox.may_leave(person.email, queries.KIND)
        if may and _ask(items[pk], person, number, round_on, now):
            today[person.pk] = today.get(person.pk, 0) + 1
            written += 1
    return written


def _next(fact: queries.Facts, steward: Stewardship, now: datetime) -> tuple[int, date]:
    """Which letter is due to this person, and the day that names its round."""
    asked = {one.number: one for one in fact.to(steward.person)}
    first, second = asked.get(1), asked.get(2)
    number = rules.next_letter(
        fact.quiet_since,
        first.asked_at if first else None,
        second.asked_at if second else None,
        steward.since,
        now,
        instead=fact.has_bounces,
    )
    if first and number == 2:
        return number, first.round_on
    return number, rules.round_on(fact.quiet_since, fact.last_to(steward.person))


def _ask(item: Organisation, person: Person, number: int, round_on: date, now: datetime) -> bool:
    """One question with its letter; False when another run was faster."""
    question = Question(organisation=item, person=person, address=access.fingerprint(person.email), round_on=round_on, number=number)
    return _send(question, item, person.email, person.language, now)


def _send(question: Question, item: Organisation, to: str, language: str, now: datetime) -> bool:
    question.asked_at = now
    try:
        with transaction.atomic():
            question.save(force_insert=True)  # first: where another run was faster, no letter is written at all
            question.letter = letters.ask(question, item, to, language, getattr(item, "confirmed_at", None))
            question.save(update_fields=["letter"])
            trail.record("freshness.asked", about=question.organisation, number=question.number, whom=question.whom)
    except IntegrityError:
        return False
    return True


def ask_unclaimed(now: datetime) -> int:
    """Ask organisations nobody speaks for at the address their entry gives, once a year, if the house wants that; how many."""
    if not settings.ASK_UNCLAIMED:
        return 0
    found = {one.pk: one for one in queries.unclaimed(now)}
    items = entries.whole(Organisation.objects.filter(pk__in=found)).order_by("created_at", "pk")
    return sum(_ask_organisation(item, now) for item in items)


def _ask_organisation(item: Organisation, now: datetime) -> bool:
    if not queries.may_be_asked(item.email, now) or not outbox.may_leave(item.email, queries.KIND):
        return False
    question = Question(organisation=item, whom=Whom.ORGANISATION, address=access.fingerprint(item.email), round_on=now.date())
    return _send(question, item, item.email, item.languages[0] if item.languages[:1] == ["en"] else "de", now)


@transaction.atomic
def ask_again(organisation: Organisation, *, by: Person) -> int:
    """A caretaker lets everybody who looks after an entry be asked once more, today; to how many a letter went."""
    require(access.may_look(by, organisation), _("Only caretakers may do this."), NotAllowed)
    now = timezone.now()
    item = entries.whole(Organisation.objects.filter(pk=organisation.pk, state=State.PUBLISHED)).first()
    require(item, _("Only published entries can be asked about."))
    assert item is not None  # noqa: S101 - said for mypy, required above
    known = queries.facts([item.pk])
    people = [one.person for fact in known for one in fact.keepers]
    unwanted = queries.without_letters(people)
    asked = [
        one
        for one in people
        if one.pk not in unwanted and outbox.may_leave(one.email, queries.KIND) and _ask(item, one, 1, now.date(), now)
    ]
    require(asked, _("Nobody can be asked: the letters were sent today, came back, or are not wanted."))
    return len(asked)


# --------------------------------------------------------------------------------------------------------- answering


@transaction.atomic
def confirm_by_letter(question: Question, now: datetime | None = None) -> Question:
    """Somebody pressed "Yes, all still true" on the page of their letter. Pressed twice, it counts once."""
    question, how = _taken(question, now)
    if how in {Standing.ANSWERED, Standing.OVERTAKEN}:
        return question
    require(how == Standing.OPEN, REFUSED[how])
    _answer(question, Reply.CONFIRMED, now)
    directory.confirm_organisation(question.organisation, by=question.person, how="letter", by_letter=True)
    trail.record("freshness.answered", by=question.person, about=question.organisation, answer="confirmed", number=question.number)
    return question


@transaction.atomic
def say_gone(question: Question, *, year: int | None, word: str, now: datetime | None = None) -> Question:
    """Somebody said by their letter that the organisation is no more. Caretakers and the others who look after it learn of it."""
    question, how = _taken(question, now)
    if how == Standing.ANSWERED:
        return question
    require(how in {Standing.OPEN, Standing.OVERTAKEN}, REFUSED[how])
    _answer(question, Reply.GONE, now)
    if _note_end(question.organisation, by=question.person, year=year, word=word, question=question):
        _tell_of_end(question.organisation, question.person)
    trail.record("freshness.answered", by=question.person, about=question.organisation, answer="gone", number=question.number)
    return question


@transaction.atomic
def stop_asking(question: Question, now: datetime | None = None) -> Question:
    """An organisation wants no more of these letters. Works as long as the address is theirs, however old the letter."""
    question, how = _taken(question, now)
    require(question.whom == Whom.ORGANISATION and how != Standing.NOT_YOURS, REFUSED[Standing.NOT_YOURS])
    if question.answer != Reply.OPTOUT:
        _answer(question, Reply.OPTOUT, now)
        trail.record("freshness.letters_stopped", about=question.organisation)
    return question


def _taken(question: Question, now: datetime | None) -> tuple[Question, Standing]:
    """The question under lock, and how its link stands."""
    Organisation.objects.select_for_update().get(pk=question.organisation_id)
    question = Question.objects.select_related("organisation", "person").get(pk=question.pk)
    return question, queries.standing(question, now or timezone.now())


def _answer(question: Question, answer: Reply, now: datetime | None) -> None:
    question.answer, question.answered_at = answer, now or timezone.now()
    question.save(update_fields=["answer", "answered_at"])


REFUSED = {
    Standing.EXPIRED: gettext_lazy("This link has expired. Sign in to confirm or change the entry."),
    Standing.NOT_YOURS: gettext_lazy("This link is no longer yours: you do not look after the entry any more, or your address changed."),
    Standing.OFF_THE_MAP: gettext_lazy("This entry is not on the map any more."),
    Standing.ANSWERED: gettext_lazy("This question has been answered."),
    Standing.OVERTAKEN: gettext_lazy("The entry has been confirmed meanwhile."),
    Standing.OPEN: gettext_lazy("This link does not work any more"),
}


# ------------------------------------------------------------------------------------------------------------- ending


def _note_end(organisation: Organisation, *, by: Person | None, year: int | None, word: str, question: Question | None = None) -> bool:
    """Keep that it was said; whether it is news."""
    values = {"person": by, "question": question, "year": year, "word": clean(word)[:WORD], "said_at": timezone.now()}
    _gone, is_new = Gone.objects.get_or_create(organisation=organisation, settled_at=None, defaults=values)
    if is_new:
        trail.record("freshness.end_said", by=by, about=organisation, year=year)
    return is_new


def _tell_of_end(organisation: Organisation, by: Person | None) -> None:
    """Something was said, nothing has been done: the other owners can contradict, the caretakers decide."""
    owners = _owners(organisation, by)
    contradict = gettext_lazy(
        "Somebody who looks after the entry “%(name)s” said that the organisation no longer exists. Nothing has been taken off the map. "
        "If that is wrong, please confirm the entry; then the matter is settled."
    )
    decide = gettext_lazy("Please have a look and take the entry off the map, or leave it: “%(name)s”.")
    subject = gettext_lazy("“%(name)s” is said to exist no more")
    _tell(owners, organisation, "freshness.end_said", subject, contradict)
    _tell(
        list(caretakers_of(organisation).exclude(pk__in=[one.pk for one in owners])),
        organisation,
        "freshness.end_said",
        subject,
        decide,
        False,
    )


def _owners(organisation: Organisation, besides: Person | None) -> list[Person]:
    return list(keepers_of(organisation, roles=(Role.OWNER,)).exclude(pk=besides.pk if besides else 0))


def _tell(people: Sequence[Person], about: Organisation, kind: str, subject: Promise, text: Promise, mail: bool = True) -> None:
    """The same to each of them, each in their language."""
    name = {"name": about.name}
    for person in people:
        with translation.override(person.language):
            tell(person, kind=kind, subject=str(subject) % name, text=str(text) % name, path=f"/o/{about.slug}/", mail=mail)


@transaction.atomic
def end_organisation(organisation: Organisation, *, by: Person, year: int | None, word: str) -> Organisation:
    """Who answers for an entry says that the organisation is no more: the year is written down and the entry taken off the map."""
    require(access.may_end(by, organisation), _("Only who answers for the entry, or a caretaker, may do this."), NotAllowed)
    _note_end(organisation, by=by, year=year, word=word)
    subject = gettext_lazy("“%(name)s” was taken off the map")
    text = gettext_lazy(
        "Somebody who answers for the entry “%(name)s” said that the organisation no longer exists, and took the entry off the map. "
        "Its history stays. If that is wrong, write to the caretakers: they can bring it back."
    )
    _tell(_owners(organisation, by), organisation, "freshness.ended", subject, text)
    return _take_off(organisation, by=by, year=year)


def _take_off(organisation: Organisation, *, by: Person, year: int | None) -> Organisation:
    """The word that was said stays with the note: reasons of revisions are read by more people."""
    return take_off_the_map(organisation, by=by, ended=year, reason=_("The organisation has ended its work."))


# -------------------------------------------------------------------------------------------------- desk and caretakers


@transaction.atomic
def confirm(organisation: Organisation, *, by: Person) -> None:
    """Somebody signed in says that all of an entry is still true."""
    require(access.may_confirm(by, organisation), _("Only those who look after a published entry can confirm it."), NotAllowed)
    directory.confirm_organisation(organisation, by=by, how="desk")


@transaction.atomic
def leave_as_it_is(organisation: Organisation, *, by: Person) -> None:
    """A caretaker has looked at an entry nobody confirms: it stays, and nobody is asked about it for a year."""
    require(access.may_look(by, organisation), _("Only caretakers may do this."), NotAllowed)
    now = timezone.now()
    Look.objects.create(organisation=organisation, by=by, at=now)
    close(Question.objects.filter(organisation=organisation), Reply.CLOSED, now)
    trail.record("freshness.looked_at", by=by, about=organisation)


@transaction.atomic
def settle_bounce(pk: int, *, by: Person) -> None:
    """A caretaker has taken note that a letter came back."""
    question = access.questions_visible_to(by).select_for_update().filter(pk=pk, bounced_at__isnull=False, settled_at=None).first()
    require(question, _("This is settled already."))
    assert question is not None  # noqa: S101 - said for mypy, required above
    question.settled_at, question.settled_by = timezone.now(), by
    question.save(update_fields=["settled_at", "settled_by"])
    trail.record("freshness.bounce_settled", by=by, about=question.organisation)


@transaction.atomic
def settle_end(pk: int, *, by: Person, is_true: bool) -> Organisation:
    """A caretaker decides about "we no longer exist": off the map, or the entry stays."""
    gone = access.farewells_visible_to(by).select_for_update().filter(pk=pk, settled_at=None).first()
    require(gone, _("This is settled already."))
    assert gone is not None  # noqa: S101 - said for mypy, required above
    gone.settled_at, gone.settled_by = timezone.now(), by
    gone.save(update_fields=["settled_at", "settled_by"])
    trail.record("freshness.end_settled", by=by, about=gone.organisation, is_true=is_true)
    if is_true and gone.organisation.state == State.PUBLISHED:
        _take_off(gone.organisation, by=by, year=gone.year)
    return gone.organisation


@transaction.atomic
def settle_link(pk: int, *, by: Person) -> None:
    """A caretaker has taken note of a website that is gone or moved; it is raised again only after it has answered in between."""
    check = access.link_checks_visible_to(by).select_for_update().filter(pk=pk, raised_at__isnull=False, settled_at=None).first()
    require(check, _("This is settled already."))
    assert check is not None  # noqa: S101 - said for mypy, required above
    check.settled_at, check.settled_by = timezone.now(), by
    check.save(update_fields=["settled_at", "settled_by"])
    trail.record("freshness.link_settled", by=by, about=check.organisation)


# ---------------------------------------------------------------------------------------- what follows from other rooms


def close(questions: QuerySet[Question], answer: Reply, now: datetime) -> int:
    """Close these of the questions that are open; how many."""
    return questions.filter(answer="").update(answer=answer, answered_at=now)


@transaction.atomic
def note_confirmed(pks: Sequence[int], by: Person | None, now: datetime) -> None:
    """An entry was confirmed: whoever did it has answered, the others are spared, and who said it was gone was wrong."""
    found = Question.objects.filter(organisation__in=pks, answer__in=("", Reply.EDITED))
    if by:
        found.filter(person=by).update(answer=Reply.CONFIRMED, answered_at=now)
    found.update(answer=Reply.OVERTAKEN, answered_at=now)
    Gone.objects.filter(organisation__in=pks, settled_at=None).update(settled_at=now, settled_by=by)


@transaction.atomic
def note_edited(pks: Sequence[int], by: Person | None, now: datetime) -> None:
    """Somebody of the team changed the entry: that is a sign of life, and the letters rest; their links still confirm."""
    if by:
        team = Stewardship.objects.filter(organisation__in=pks, person=by, until=None)
        close(Question.objects.filter(organisation__in=team.values("organisation")), Reply.EDITED, now)


@transaction.atomic
def note_off_the_map(pks: Sequence[int], by: Person | None, now: datetime) -> None:
    """An entry was archived or merged into another: nobody is to answer for it any more."""
    found = Question.objects.filter(organisation__in=pks, answer__in=("", Reply.EDITED))
    found.update(answer=Reply.CLOSED, answered_at=now)
    Gone.objects.filter(organisation__in=pks, settled_at=None).update(settled_at=now, settled_by=by)


@transaction.atomic
def note_bounce(letter: int, now: datetime) -> None:
    """A letter came back for good: the person sees it under "Mein Bereich", and others who look after the entry are asked instead."""
    from allmende.freshness import tasks

    question = Question.objects.select_related("organisation", "person").filter(letter=letter, bounced_at=None).first()
    if question is None:
        return
    question.bounced_at = now
    question.save(update_fields=["bounced_at"])
    trail.record("freshness.letter_lost", about=question.organisation, number=question.number, whom=question.whom)
    if question.person:
        text = gettext_lazy("We could not reach you by e-mail about the entry “%(name)s”. Please check the address of your account.")
        subject = gettext_lazy("Our letter to you came back")
        _tell([question.person], question.organisation, "freshness.letter_lost", subject, text, False)
        tasks.ask_about.enqueue([question.organisation_id])

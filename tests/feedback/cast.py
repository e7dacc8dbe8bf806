"""The people of these tests: a shop that asks, a garden and a bakery of the same network that answer, a stranger."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from allmende.directory.models import Belonging, Organisation, Role, Stewardship
from allmende.feedback import actions
from allmende.feedback.actions.giving import Said
from allmende.feedback.models import Review, Round
from allmende.people.models import Person
from allmende.projects.models import Project
from tests.cast import organisation

QUESTIONS = ["Was kostet es?", "Wer macht mit?"]


def person(name: str, **more: Any) -> Person:
    """Somebody with an account."""
    return Person.objects.create_user(f"{name}@leute.example", name=name.capitalize(), language="en", **more)


def steward(item: Organisation, name: str, role: str = Role.OWNER) -> Person:
    """Somebody who belongs to an organisation."""
    found = Person.objects.filter(email=f"{name}@leute.example").first() or person(name)
    Stewardship.objects.create(person=found, organisation=item, role=role, proof="granted", since=timezone.now())
    return found


def member_of(network: Organisation, *members: Organisation) -> None:
    """These belong to the network."""
    for one in members:
        Belonging.objects.create(network=network, member=one)


def project_of(asker: Organisation, audience: str = "network", **more: Any) -> Project:
    """A project that is no draft any more."""
    fields = {
        "title": "Kistenrad",
        "summary": "Räder für Kisten.",
        "challenge": "Der letzte Kilometer.",
        "is_draft": False,
        "published_at": timezone.now(),
    }
    return Project.objects.create(organisation=asker, audience=audience, **(fields | more))


def asked(project: Project, by: Person, *invited: Organisation, days: float = 14, **more: Any) -> Round:
    """A round as it is opened in life."""
    said = {"asked": QUESTIONS, "deadline": timezone.now() + timedelta(days=days), "text": "Worum es geht."} | more
    return actions.open_round(project, project.organisation, invited=invited, by=by, **said)


def said(**more: Any) -> Said:
    """What somebody writes: something in every part."""
    words = {
        "strengths": "Trägt **sich** selbst.",
        "open_questions": "Was ist bei Regen?",
        "suggestions": ["Erst im Kleinen", "Mit der Stadt reden"],
        "answers": ["500 Euro", "", ""],
    }
    return Said(**(words | more))


def given(found: Round, organisation: Organisation | None, by: Person, **more: Any) -> Review:
    """Feedback as it is given in life."""
    return actions.give_review(found, organisation, said(**more), by=by)


def end(found: Round, days: float = 1) -> Round:
    """Let the deadline lie some days back."""
    now = timezone.now()
    Round.objects.filter(pk=found.pk).update(opened_at=now - timedelta(days=days + 20), deadline=now - timedelta(days=days))
    found.refresh_from_db()
    return found


__all__ = ["QUESTIONS", "asked", "end", "given", "member_of", "organisation", "person", "project_of", "said", "steward"]

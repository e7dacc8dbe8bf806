"""What the world may read of a project: one shape for programs, with stable names. No persons, nothing unconfirmed."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from allmende.directory.models import Organisation
from allmende.ground import outbox
from allmende.projects import queries
from allmende.projects.models import Part, Project


def project(item: Project) -> dict[str, Any]:
    """A public project as everybody sees it; texts are in its `language`, in CommonMark."""
    guest = AnonymousUser()
    parts = queries.parts(guest, item)
    steps = sorted(queries.steps(item), key=lambda step: (step.on, step.pk))
    source = queries.source(guest, item)
    return {
        "id": str(item.uuid),
        "url": outbox.link(item.get_absolute_url()),
        "title": item.title,
        "summary": item.summary,
        "challenge": item.challenge,
        "for_whom": item.audience_text,
        "text": item.text,
        "language": item.language,
        "stage": item.stage,
        "steps": [{"stage": step.stage, "on": step.on.isoformat(), "sentence": step.sentence} for step in steps],
        "organisation": _organisation(item.organisation),
        "participants": [_participant(part) for part in parts.confirmed],
        "funding": item.funding,
        "results": item.results,
        "licence": item.licence,
        "links": item.links,
        "sdgs": [term.key for term in sorted(item.sdgs.all(), key=lambda term: (term.position, term.key))],
        "needs": [
            {"title": one.title, "url": outbox.link(one.get_absolute_url()), "state": one.state, "until": one.until.isoformat()}
            for one in queries.wanted(guest, item)
        ],
        "adopted_from": outbox.link(source.get_absolute_url()) if source else None,
        "adopted_by": [outbox.link(one.get_absolute_url()) for one in queries.adoptions(guest, item)],
        "published_at": item.published_at.isoformat() if item.published_at else None,
        "changed_at": item.changed_at.isoformat(),
        "is_demo": item.is_demo,
    }


def _organisation(item: Organisation) -> dict[str, Any]:
    return {"id": str(item.uuid), "name": item.name, "url": outbox.link(reverse("directory:organisation", args=[item.slug]))}


def _participant(part: Part) -> dict[str, Any]:
    return _organisation(part.organisation) | {"part": part.kind, "contribution": part.contribution}

"""Questions about entries. Each begins at what the viewer may see."""

from collections.abc import Iterable

from django.db.models import Max, Prefetch, QuerySet

from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Belonging, Organisation, Record, State, Term
from allmende.people.queries import Viewer


def whole(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """With all that a page or an export needs, in a fixed number of queries."""
    return (
        organisations.select_related("legal_form", "sector")
        .annotate(confirmed_at=Max("confirmations__at"))
        .prefetch_related(
            "places",
            "terms",
            Prefetch("records", Record.objects.select_related("source").order_by("pk").defer("raw")),
            Prefetch("belongs_to", Belonging.objects.select_related("network").filter(network__state=State.PUBLISHED)),
        )
    )


def organisation(viewer: Viewer, slug: str) -> Organisation | None:
    """The entry of that address, followed through merges; None if there is none for this viewer."""
    seen: set[str] = set()
    while slug not in seen:  # a circle of merges leads nowhere
        seen.add(slug)
        if found := whole(organisations_visible_to(viewer)).filter(slug=slug).first():
            return found
        slug = Organisation.objects.filter(slug=slug, state=State.MERGED).values_list("merged_into__slug", flat=True).first() or slug
    return None


def organisations(viewer: Viewer, pks: Iterable[int]) -> list[Organisation]:
    """The visible ones of these, in the order asked for."""
    by_pk = whole(organisations_visible_to(viewer)).in_bulk(list(pks))
    return [by_pk[pk] for pk in pks if pk in by_pk]


def terms(tree: str) -> QuerySet[Term]:
    """All words of one tree in their order."""
    return Term.objects.filter(tree=tree).select_related("parent")


def members(viewer: Viewer, network: Organisation) -> QuerySet[Organisation]:
    """The visible members of a network by name."""
    return organisations_visible_to(viewer).filter(belongs_to__network=network).order_by("name")

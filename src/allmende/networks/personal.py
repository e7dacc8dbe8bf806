"""What networks know of a person: for whom they act or acted, what they confirmed and declared for an organisation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.networks import actions
from allmende.networks.models import Bond, Representative, SizeDeclaration
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("networks", label=_("Networks your organisation belongs to"))


@knows("networks", label=_("What you do for organisations in networks"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row for each time one acts for a member, each answer and each declared size."""
    acting = Representative.objects.filter(person=person).select_related("membership__cooperative__organisation").order_by("pk")
    answers = Bond.objects.filter(answered_by=person).select_related("membership__cooperative__organisation").order_by("pk")
    sizes = SizeDeclaration.objects.filter(entered_by=person).select_related("membership__cooperative__organisation").order_by("pk")
    return [
        *(
            {
                "what": "representative", "network": str(one.membership.cooperative), "member": one.membership.number, "name": one.name,
                "may": one.acting, "since": one.since.isoformat(), "until": one.until.isoformat() if one.until else None,
            }
            for one in acting
        ),
        *(
            {"what": "answer", "network": str(one.membership.cooperative), "said": one.answer, "at": one.answered_at.isoformat()}
            for one in answers
        ),
        *(
            {"what": "size", "network": str(one.membership.cooperative), "said": one.figure, "on": one.declared_on.isoformat()}
            for one in sizes
        ),
    ]  # fmt: skip


@keeps("networks")
def kept(person: Person) -> list[Kept]:
    """That somebody of this name acted for a member stands in its papers."""
    if not Representative.objects.filter(person=person).exclude(confirmed_at=None).exists():
        return []
    why = _("Who voted for an organisation must be known as long as its membership is documented (§ 30 III GenG); then the name goes, too.")
    return [Kept(str(_("Your name as representative of an organisation")), str(why))]


@forgets("networks", order=40)
def forget(person: Person) -> list[Kept]:
    """They act for nobody any more; the name stays in the papers for three years."""
    stays = kept(person)
    actions.forget_person(person)
    return stays

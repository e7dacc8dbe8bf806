"""Telling many members of a fee takes longer than a page may."""

from django_tasks import task

from allmende.money import letters
from allmende.money.models import Request


@task()
def tell_of_charge(charge: int, members: list[int]) -> int:
    """Each of these members hears of the fee; returns how many letters could be written."""
    asked = Request.objects.filter(charge=charge, withdrawn_at=None).select_related("membership__cooperative", "membership__person")
    return sum(
        letters.tell_of_request(one) for at in range(0, len(members), 500) for one in asked.filter(membership__in=members[at : at + 500])
    )

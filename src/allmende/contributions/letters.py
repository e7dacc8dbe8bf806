"""What this room writes to members."""

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.contributions import queries
from allmende.contributions.models import Contribution
from allmende.members import letters


def tell_refused(line: Contribution, reason: str) -> None:
    """A contribution was not confirmed: which one, and why."""
    with translation.override(letters.language_of(line.membership)):
        amount = queries.amount_of(line.type, line.amount)
        day = date_format(line.done_on, "SHORT_DATE_FORMAT")
        facts = {"amount": amount, "name": queries.type_name(line.type), "day": day, "why": reason}
        letters.write_to(
            line.membership,
            "contributions.refused",
            _("A contribution was not confirmed: %(amount)s") % {"amount": amount},
            _("%(name)s, %(amount)s on %(day)s, was not confirmed.\n\nReason: %(why)s\n\nYou can enter it again as it was.") % facts,
            path=reverse("contributions:own", args=[line.cooperative.organisation.slug]),
        )

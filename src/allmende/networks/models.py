"""Organisations as members of a network: whether both sides say so, how large they are, what they pay, who acts for them."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.directory.models import Organisation
from allmende.members.models import Membership


class Answer(models.TextChoices):
    """What the organisation says of its line in the register."""

    YES = "yes", _("confirmed from both sides")
    NO = "no", _("contradicted by the organisation")


class Bond(models.Model):
    """The organisation's own word on a membership of the register. Without one it was not asked, or has not answered yet."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="bond")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")  # which one said so
    answer = models.CharField(max_length=3, choices=Answer.choices)
    is_by_application = models.BooleanField(default=False)  # it applied itself
    answered_at = models.DateTimeField(auto_now=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("confirmation of a membership")

    def __str__(self) -> str:
        return f"{self.membership_id} {self.answer}"


class Graph(models.Model):
    """One row that whoever adds a network to a network holds until the end, so that two at once do not close a circle together."""

    def __str__(self) -> str:
        return "graph"


class Measure(models.TextChoices):
    """What the size of a member is measured by."""

    EMPLOYEES = "employees", _("Employees")
    MEMBERS = "members", _("Members")
    TURNOVER = "turnover", _("Turnover of a year in euros")


class FeeScheme(models.Model):
    """What members pay a year, by their size, from a year on until the next version. Fixed once a fee was charged by it."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="fee_schemes")
    from_year = models.PositiveSmallIntegerField(_("From the year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    measure = models.CharField(_("Measured by"), max_length=10, choices=Measure.choices, default=Measure.EMPLOYEES)
    is_pro_rata = models.BooleanField(_("In the year of joining only the months from joining on"), default=True)
    resolution = models.CharField(_("Resolution"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("fee scheme")
        verbose_name_plural = _("fee schemes")
        ordering: ClassVar = ["-from_year"]
        constraints = [models.UniqueConstraint(fields=["cooperative", "from_year"], name="feescheme_one_from_a_year")]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.from_year}"


class FeeBand(models.Model):
    """One band of a scheme: up to and with this size a year costs this much; the last one has no end."""

    scheme = models.ForeignKey(FeeScheme, on_delete=models.CASCADE, related_name="bands")
    position = models.PositiveSmallIntegerField()
    upto = models.PositiveBigIntegerField(null=True, blank=True)
    cents = models.PositiveBigIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints = [models.UniqueConstraint(fields=["scheme", "position"], name="feeband_position_once")]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.position}"


class SizeDeclaration(models.Model):
    """What a member says of its own size, since when, and what shows it. Former ones stay: they explain former fees."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="sizes")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    figure = models.PositiveBigIntegerField()
    declared_on = models.DateField()
    evidence = models.CharField(_("What shows it"), max_length=200, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-declared_on", "-pk"]
        indexes = [models.Index(fields=["membership", "measure", "declared_on"], name="size_by_member")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.figure}"


class Fee(models.Model):
    """The fee of a member for a year, as it was counted; there is one a year. Nothing is asked for where the band costs nothing."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="network_fees")
    year = models.PositiveSmallIntegerField()
    band = models.ForeignKey(FeeBand, on_delete=models.PROTECT, related_name="fees")
    figure = models.PositiveBigIntegerField()
    months = models.PositiveSmallIntegerField(default=12)
    cents = models.PositiveBigIntegerField()
    request = models.OneToOneField("money.Request", null=True, blank=True, on_delete=models.PROTECT, related_name="network_fee")
    charged_at = models.DateTimeField(auto_now_add=True)
    charged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("fee of a year")
        ordering: ClassVar = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "year"], name="fee_once_a_year"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=12), name="fee_for_months_of_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.year}"


class Acting(models.TextChoices):
    """What somebody may do for a member."""

    VOTE = "vote", _("vote and speak")
    SPEAK = "speak", _("speak")
    ALL = "all", _("act in everything")


VOTING = (Acting.VOTE, Acting.ALL)


class Representative(models.Model):
    """Somebody who acts for a member that is an organisation, from a day until a day; counts once the other side has confirmed it.

    `proof` is the authority in text form (§ 126b BGB): the declaration itself, or where it lies.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="representatives")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="represents")
    name = models.CharField(_("Name"), max_length=200, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    acting = models.CharField(_("What they may do"), max_length=5, choices=Acting.choices, default=Acting.ALL)
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"), null=True, blank=True)
    proof = models.CharField(_("Authority in text form"), max_length=500)
    is_named_by_network = models.BooleanField(default=False)
    named_at = models.DateTimeField(auto_now_add=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        ordering: ClassVar = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="representative_ends_after_beginning")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.acting}"

"""Persons: who signs in, what they are told, what they agreed to. An account is not a membership, and a membership needs no account."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.people import rules


class People(BaseUserManager["Person"]):
    """Makes persons; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person with a login; without a password nobody can sign in as them."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A caretaker of the house (`./allmende manage createsuperuser`); whoever sits at the machine vouches for the address."""
        from allauth.account.models import EmailAddress

        person = self.create_user(email, password, is_caretaker=True, is_superuser=True, **fields)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by e-mail. `is_service` marks the house's own hands (imports), who can never sign in."""

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name shown"), max_length=120, blank=True)
    language = models.CharField(_("Language"), max_length=5, choices=settings.LANGUAGES, default="de")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_caretaker = models.BooleanField(_("caretaker of this house"), default=False)
    is_service = models.BooleanField(_("service, not a human"), default=False)
    joined_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once_whatever_the_case"),
            models.CheckConstraint(condition=~models.Q(is_service=True, is_active=True), name="person_service_never_signs_in"),
        ]

    def __str__(self) -> str:
        return self.name or _("Person %(number)d") % {"number": self.pk or 0}  # never the address: this may stand on a page

    @property
    def is_staff(self) -> bool:
        """Django's word for caretakers."""
        return self.is_caretaker


class Notice(models.Model):
    """One line of "Mitteilungen": what a person was told. `kind` is `room.what`; the part before the dot is its area."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices", verbose_name=_("person"))
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notice_of_person"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notice_unread"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__contains="."), name="notice_kind_names_its_area"),
            models.CheckConstraint(
                condition=models.Q(path="") | (models.Q(path__startswith="/") & ~models.Q(path__startswith="//")),
                name="notice_path_stays_in_the_house",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def area(self) -> str:
        """The room it comes from, by which mail is chosen."""
        return rules.area_of(self.kind)


class MailChoice(models.Model):
    """Whether notices of an area also come as mail. No row: yes."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mail_choices")
    area = models.CharField(max_length=40)
    by_mail = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "area"], name="one_mail_choice_per_area")]

    def __str__(self) -> str:
        return f"{self.area}: {self.by_mail}"


class Purpose(models.TextChoices):
    """What a consent is for. Further purposes join when a room needs one."""

    ACCOUNT = "account", _("Terms and privacy notice of the account")


class Consent(models.Model):
    """That a person agreed to one version of a text, when, and until when. Rows are never changed but by withdrawing."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40, choices=Purpose.choices)
    version = models.CharField(max_length=40)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "version"], condition=models.Q(withdrawn_at=None), name="consent_given_once_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"

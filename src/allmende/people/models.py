"""Persons: who signs in. An account is not a membership, and a membership needs no account."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


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
        """A caretaker of the house (`./allmende manage createsuperuser`)."""
        return self.create_user(email, password, is_caretaker=True, is_superuser=True, **fields)


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
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once_whatever_the_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Django's word for caretakers."""
        return self.is_caretaker

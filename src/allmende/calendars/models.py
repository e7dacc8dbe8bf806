"""The secret address of somebody's own calendar."""

import secrets

from django.conf import settings
from django.db import models


def new_word() -> str:
    """A word nobody can guess."""
    return secrets.token_urlsafe(24)


class CalendarKey(models.Model):
    """The word in the address of somebody's own calendar; a new one makes the old address useless."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key")
    word = models.CharField(max_length=40, unique=True, default=new_word)

    def __str__(self) -> str:
        return str(self.person_id)

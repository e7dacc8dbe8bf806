"""What follows when somebody signs in: as little as possible is remembered of the device, and nothing of its address."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models.signals import pre_save
from django.dispatch import receiver

from allmende.people import rules

NOWHERE = "0.0.0.0"  # noqa: S104 - allauth wants an address in the row; this one says nothing


@receiver(pre_save, sender=UserSession, dispatch_uid="people.sessions_know_little")
def sessions_know_little(sender: type[UserSession], instance: UserSession, **more: Any) -> None:
    """Keep `Firefox, Linux` instead of the whole line a browser sends, and no internet address."""
    instance.ip = NOWHERE
    if "(" in instance.user_agent or "/" in instance.user_agent:
        instance.user_agent = rules.device(instance.user_agent)

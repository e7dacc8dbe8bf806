"""The door for the server that `./allmende up` starts: the application, and a server that knows that it lives in this house."""

from django.conf import settings

from allmende.config.wsgi import application
from allmende.ground import occupancy

__all__ = ["application"]

if not occupancy.move_in(settings.VAR):
    raise SystemExit("Allmende: a restore is under way; start again when it is done.")
occupancy.end_with(occupancy.parent_from_environment())

"""The door for the server that `./allmende up` starts: the application, and a server that knows that it lives in this house."""

from django.conf import settings

from allmende.config.wsgi import application
from allmende.ground import occupancy
from allmende.places import gazetteer

__all__ = ["application"]

if not occupancy.move_in(settings.VAR):
    raise SystemExit("Allmende: a restore is under way; start again when it is done.")
occupancy.end_with(occupancy.parent_from_environment())
gazetteer.towns()  # a third of a second now, so that the first one who types a place need not wait

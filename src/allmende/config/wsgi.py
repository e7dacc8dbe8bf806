"""The door for the web server: what is asked most goes the short way, everything else through Django."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")

from django.core.wsgi import get_wsgi_application  # settings must be named before Django wakes up

_long_way = get_wsgi_application()

from allmende.web.short import Shortcut  # noqa: E402  # rooms can be asked only now

application = Shortcut(_long_way)

# What has been loaded stays until the end: the collector of garbage need not look through it again and again (a fifth of a page's time).
gc.collect()
gc.freeze()

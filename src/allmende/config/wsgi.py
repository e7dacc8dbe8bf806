"""The door for the web server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")

from django.core.wsgi import get_wsgi_application  # settings must be named before Django wakes up

application = get_wsgi_application()

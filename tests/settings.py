"""The house under test: the one settings file, with plain static files and its own var/ folder."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("ALLMENDE_TESTING", "1")
if "ALLMENDE_VAR" not in os.environ:
    os.environ["ALLMENDE_VAR"] = tempfile.mkdtemp(prefix="allmende-tests-")
    atexit.register(shutil.rmtree, os.environ["ALLMENDE_VAR"], ignore_errors=True)
if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # each has a house of its own: two in one would meet at its locks
    os.environ["ALLMENDE_VAR"] = os.path.join(os.environ["ALLMENDE_VAR"].removesuffix(f"/{worker}"), worker)
    os.makedirs(os.environ["ALLMENDE_VAR"], exist_ok=True)

from allmende.config.settings import *  # noqa: F403  # the environment must be set before it is read
from allmende.config.settings import DATABASES, VAR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; nothing secret is hashed here
EMAIL_BACKEND = DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A file like the real one: write-ahead log, several connections, locks. In memory all threads would share one cache and its locks.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}

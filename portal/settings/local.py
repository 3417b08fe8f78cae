"""For the demo and for development: everything below var/, mail as files, a generated secret."""

import os

from portal.settings.base import *
from portal.settings.base import PORTAL_VAR
from portal.settings.secret import generated_secret

DEMO = True
DEBUG = os.environ.get("PORTAL_DEBUG") == "1"
SECRET_KEY = generated_secret(PORTAL_VAR / "secret")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = PORTAL_VAR / "mail"

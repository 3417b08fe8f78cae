"""For tests: services come from tests/services.py, files go to its temporary folder."""

from portal.settings.base import *
from portal.settings.base import DATABASES, PASSWORD_HASHERS, STORAGES

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS[1:]]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# A test may drop its database; no thread may keep a connection to it.
for _settings in DATABASES.values():
    _settings["CONN_MAX_AGE"] = 0

# Tests send more in a minute than a machine does; those of the limits set their own.
PORTAL_API_LIMITS = {}

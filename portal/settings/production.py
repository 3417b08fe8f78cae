"""For production: secrets and addresses from the environment, TLS in front, compressed files."""

import os

from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import *
from portal.settings.base import STORAGES

if os.environ.get("PORTAL_CLOCK_SHIFT", "0") != "0":
    raise ImproperlyConfigured(
        "PORTAL_CLOCK_SHIFT is for demonstrations; real money runs on real time."
    )

SECRET_KEY = os.environ["PORTAL_SECRET_KEY"]
ALLOWED_HOSTS = os.environ["PORTAL_HOSTS"].split(",")
PORTAL_ADDRESS = os.environ.get("PORTAL_ADDRESS", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

# The proxy in front ends TLS and sets this header; it must strip it from what visitors send.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Joining the browsers' preload list binds a whole domain for years: its owner's decision, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

EMAIL_HOST = os.environ.get("PORTAL_MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("PORTAL_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("PORTAL_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PORTAL_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("PORTAL_MAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10

"""What is so everywhere. Read from the environment: only places, addresses and secrets."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from portal.settings.broker import broker_url
from portal.settings.databases import APPLICATION_LIMITS, database

BASE_DIR = Path(__file__).resolve().parents[2]
#: The one folder the portal writes to: stored documents, collected files, and in the demo all else.
PORTAL_VAR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))
DOCUMENTS_ROOT = PORTAL_VAR / "documents"
# Files on their way in, until a job has looked at them; each is deleted when it has.
QUARANTINE_ROOT = PORTAL_VAR / "quarantine"
# A clamd that looks at every file first: unix:///path or tcp://host:port. Empty: none does.
PORTAL_SCANNER = os.environ.get("PORTAL_SCANNER", "")

DEBUG = False
DEMO = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "portal.records",
    "portal.jobs",
    "portal.accounts",
    "portal.intake",
    "portal.web",
    "agreements",
    "awards",
    "claims",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "oauth2_provider",
    "rest_framework",
]

MIDDLEWARE = [
    "portal.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.ActorMiddleware",
    "portal.web.problems.ProblemMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.context_processors.furniture",
            ],
        },
    },
]
CSRF_FAILURE_VIEW = "portal.web.problems.csrf_failure"
# The furniture of a page stands below the people and the apps: what it shows of them is named here.
PORTAL_NAVIGATION = "portal.accounts.policies.navigation"
PORTAL_AGENCIES = "portal.accounts.policies.agencies_of"
# What of a person's work stops when they leave: the people's pages say so first.
PORTAL_UNFINISHED = "claims.selectors.unfinished.unfinished_of"
PORTAL_HELP = [("Help", "help:index"), ("Verify a packet", "claims:verify")]
# The officers' pages ask the law of the floor above which models and days it pays for.
PORTAL_RULES = "claims.rules.facts.rules_on"
FORM_RENDERER = "portal.web.forms.UswdsRenderer"

# --- Database: the portal's role owns nothing; only migrations use the owner's --------------------
# Without an address there is no database, rather than whichever happens to run on this machine.
DATABASES = {}
if _database_url := os.environ.get("DATABASE_URL"):
    DATABASES = {
        "default": database(_database_url, limits=APPLICATION_LIMITS, keep_seconds=60),
        "owner": database(os.environ.get("DATABASE_OWNER_URL") or _database_url),
    }
# Kept in the database, so that nothing but the job doorbell needs Valkey.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    },
}

# --- Jobs: PostgreSQL is the queue of record, Celery only rings ---------------------------------
CELERY_BROKER_URL = broker_url(os.environ.get("REDIS_URL", "redis://localhost:6379/0"))
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# The sweep looks every restore_interval x restore_throttle seconds for tasks whose worker is gone.
# The visibility time-out must exceed the hard time limit, or a running task is started twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 3,
    "socket_connect_timeout": 3,
    "health_check_interval": 15,
}
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 110
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = 2
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
# What the sweeper has done once a day; `portal.jobs` knows nothing of the floors above it.
PORTAL_CHORES = [
    "portal.accounts.chores.clear_sessions",
    "portal.accounts.chores.clear_tokens",
    "portal.accounts.chores.clear_requests",
    "portal.accounts.chores.warn_of_ending_keys",
    "portal.intake.quarantine.clear",
    "claims.chores.remind",
    "claims.chores.tell_of_supplements",
    "claims.chores.send_digests",
    "claims.chores.send_unsent",
    "claims.chores.request_missing_packets",
]

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
# The first is for people; the second for the secrets of API keys, which are drawn by lot.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "portal.accounts.api.secrets.KeySecretHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Accounts are made by invitation, and the invitation's link proves the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# --- Machines ---------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "portal.web.api_problems.handle",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.accounts.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # No second way to ask for a format, and no OPTIONS that tells about forms.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_METADATA_CLASS": None,
}
# Requests a minute: of one key, of one agency's keys for what sets a job going, of one key and one
# address for tokens, and of one address for verifying packets. A vendor's machine serves many
# agencies. Counted in Valkey, if it is there.
PORTAL_API_LIMITS = {
    "read": 6000,
    "write": 1200,
    "upload": 600,
    "token": 120,
    "token_address": 3000,
    "verify": 60,
}
PORTAL_COUNTERS = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
SPECTACULAR_SETTINGS = {
    "TITLE": "287(g) reimbursement portal",
    "VERSION": "1",
    "DESCRIPTION": (
        "Send rosters and payroll from your own systems, and read what became of them. A machine "
        "uploads; only a person certifies. Amounts are text, such as 1234.50. Every answer says how many "
        "requests of the minute are left: RateLimit-Limit, RateLimit-Remaining, and RateLimit-Reset with "
        "the seconds until there are new ones."
    ),
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AdjustmentReason": "claims.models.review.REASONS",
        "BatchState": "portal.intake.models.Batch.State",
        "ClaimKind": "claims.models.claim.KINDS",
        "ClaimState": "claims.models.claim.STATES",
        "EvidenceKind": "claims.models.Evidence.Kind",
        "HoldReason": "claims.models.Hold.Why",
        "LineCategory": "claims.models.review.CATEGORIES",
        "MappingKind": "portal.intake.models.ColumnMapping.Kind",
    },
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.ApiKey"
OAUTH2_PROVIDER = {
    # Machines only: keys get tokens for themselves, nobody lends theirs to an application.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "portal.accounts.api.validator.KeyValidator",
    "SCOPES_BACKEND_CLASS": "portal.accounts.api.token.KeyScopes",
    "CLIENT_SECRET_HASHER": "pbkdf2_key",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 60 * 60,
    # Of a token only its hash is stored.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    # No such request is answered here; said once more where an audit looks.
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
}

# --- Browser ----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# --- Files ------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("PORTAL_STATIC_ROOT", PORTAL_VAR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static" / "src"]
NPM_ROOT = BASE_DIR / "static" / "node_modules"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "portal.web.staticfiles.NpmFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
MEDIA_ROOT = DOCUMENTS_ROOT
# An upload goes to disk as it arrives; memory use does not follow file size.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Time, words, mail, log -------------------------------------------------------------------
TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en-us"
USE_I18N = False
# Where people reach the portal: the beginning of the links in mails that no visit caused.
PORTAL_ADDRESS = os.environ.get("PORTAL_ADDRESS", "http://localhost:8000").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_MAIL_FROM", "287(g) portal <portal@localhost>")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("PORTAL_LOG_LEVEL", "INFO")},
    "loggers": {
        # Only their own words, never request bodies; a 4xx is the visitor's affair.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}

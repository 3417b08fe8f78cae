"""Database settings from connection strings, so that any libpq form works, sockets included."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

#: A request that waits on a lock or a query longer than this is worth a clear answer, not patience.
APPLICATION_LIMITS = "-c lock_timeout=5000 -c statement_timeout=30000"

_NAMES = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}


def database(url: str, *, limits: str = "", keep_seconds: int = 0) -> dict[str, Any]:
    """Django's settings for a libpq connection string or URL.

    `limits` are server options of each session; `keep_seconds` is how long a connection is kept.
    """
    parts = conninfo_to_dict(url)
    options = {key: value for key, value in parts.items() if key not in _NAMES}
    if limits:
        options["options"] = f"{options.get('options', '')} {limits}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: str(parts.get(key) or "") for key, name in _NAMES.items()},
        "OPTIONS": {"connect_timeout": 5, **options},
        "CONN_MAX_AGE": keep_seconds,
        "CONN_HEALTH_CHECKS": keep_seconds > 0,
    }

"""The address of Valkey or Redis in the form Celery wants it."""

from urllib.parse import parse_qs, urlsplit


def broker_url(url: str) -> str:
    """Celery's spelling of a redis-py address: sockets (`unix://`) are written differently."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"

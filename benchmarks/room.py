"""A database for one run: own services in a temporary folder, the portal's schema, a bare table."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from portal.embedded import services
from portal.schema import migrate

LINES = "claims_payrollline"
BARE = "bare_payrollline"


@contextmanager
def room() -> Iterator[psycopg.Connection]:
    """Run a block with Django set up on a database of its own; gives a connection of the owner."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with (
        tempfile.TemporaryDirectory(
            prefix="portal-benchmark-", ignore_cleanup_errors=True
        ) as folder,
        services(Path(folder)) as addresses,
    ):
        os.environ |= {**addresses, "PORTAL_VAR": folder}
        migrate()
        with psycopg.connect(addresses["DATABASE_OWNER_URL"], autocommit=True) as owner:
            # The same columns, and nothing else: no key, no trigger.
            owner.execute(f"CREATE TABLE {BARE} (LIKE {LINES})")
            owner.execute(f"GRANT INSERT ON {BARE} TO portal_app")
            try:
                yield owner
            finally:
                from django.db import connections

                connections.close_all()


def empty(owner: psycopg.Connection) -> None:
    """Take all lines away, as only the owner of the tables can."""
    owner.execute(f"ALTER TABLE {LINES} DISABLE TRIGGER USER")
    owner.execute(f"TRUNCATE {LINES}, {BARE}")
    owner.execute(f"ALTER TABLE {LINES} ENABLE TRIGGER USER")

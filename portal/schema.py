"""Bringing the database's schema up to date, and knowing when that is needed."""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
#: Any number nobody else uses: one migration at a time per database.
_TURN = 287_001


def migrations_hash() -> str:
    """A hash of all that decides the schema: our migrations, and the versions of others' apps."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")]):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def migrate_if_changed() -> bool:
    """Migrate as the owner unless this very schema stands already; True when the database was new.

    What was last applied is a comment on the database itself, so it travels with it. Reads
    DATABASE_OWNER_URL, or DATABASE_URL where one role does both.
    """
    owner_url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    with psycopg.connect(owner_url, autocommit=True, connect_timeout=5) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        (before,) = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone() or (None,)
        comment = f"schema {migrations_hash()}"
        if before != comment:
            migrate()
            connection.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(connection.info.dbname), sql.Literal(comment)
                )
            )
    return before is None


def migrate() -> None:
    """Apply all migrations and make the cache table, through the owner's connection."""
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    django.setup()
    logging.getLogger("django").setLevel(logging.WARNING)
    print("==> Database schema", file=sys.stderr)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("createcachetable", database="owner", verbosity=0)

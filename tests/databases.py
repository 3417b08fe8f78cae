"""Test databases: migrated once into a template, copied from it in a tenth of a second."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections
from psycopg import sql

from portal.embedded.postgres import ROLES_AND_PRIVILEGES
from portal.schema import migrate, migrations_hash

#: Any number nobody else uses: the workers of a run take turns at making the template.
_TURN = 287_002


def create_test_database() -> None:
    """Make this process's database (anew) as migrations leave it, ending all connections to it."""
    connections.close_all()
    with _maintenance() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        template = _template(connection)
        _drop(connection, _own_database())
        _create(connection, _own_database(), template)


def drop_test_database() -> None:
    """Drop this process's database."""
    connections.close_all()
    with _maintenance() as connection:
        _drop(connection, _own_database())


def _template(connection: psycopg.Connection) -> str:
    name = f"portal_template_{migrations_hash()[:16]}"
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if known.fetchone() is None:
        draft = f"{name}_draft"
        _drop(connection, draft)
        _create(connection, draft, "template1")
        _migrate(draft)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(draft), sql.Identifier(name)
            )
        )
    return name


def _migrate(database: str) -> None:
    owner = connections["owner"]
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=database) as connection:
        connection.execute(ROLES_AND_PRIVILEGES.read_bytes())
    own, owner.settings_dict["NAME"] = owner.settings_dict["NAME"], database
    try:
        migrate()
    finally:
        owner.close()
        owner.settings_dict["NAME"] = own


def _own_database() -> str:
    return str(connections["default"].settings_dict["NAME"])


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection]:
    url = os.environ["PORTAL_TEST_MAINTENANCE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def _create(connection: psycopg.Connection, name: str, template: str) -> None:
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )

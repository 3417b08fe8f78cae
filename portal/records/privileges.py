"""What the application's database role may do, derived from the models.

The owner migrates; the application role reads and writes rows and owns nothing. On evidence it may only
add and read, so that even a hole in the code cannot rewrite what was certified.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections
from psycopg import sql

from portal.records.models import AppendOnly


def grant_privileges(using: str, **_: Any) -> None:
    """Give the role of the `default` connection its rights on every table; runs as the owner."""
    user = connections["default"].settings_dict["USER"]
    if using != "owner" or user == connections[using].settings_dict["USER"]:
        # One role for both is possible (a rented database), and leaves only triggers to guard evidence.
        return
    role = sql.Identifier(user)
    evidence = {
        model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly)
    }
    with connections[using].cursor() as cursor:
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
        for table in connections[using].introspection.table_names(cursor):
            if table == "django_migrations":
                rights = "SELECT"
            elif table in evidence:
                rights = "SELECT, INSERT"
            else:
                rights = "SELECT, INSERT, UPDATE, DELETE"
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, role))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), name, role))

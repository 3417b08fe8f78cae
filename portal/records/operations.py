"""Migration operations for evidence."""

from __future__ import annotations

from typing import Any

from django.db import migrations

PROTECT_FUNCTION = """
CREATE FUNCTION records_protect() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are evidence and are never changed', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class ProtectRows(migrations.RunSQL):
    """Refuse UPDATE, DELETE and TRUNCATE on a table, whoever asks."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            sql=f"""
            CREATE TRIGGER protect_rows BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION records_protect();
            CREATE TRIGGER protect_table BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION records_protect();
            """,
            reverse_sql=f"""
            DROP TRIGGER protect_rows ON {table};
            DROP TRIGGER protect_table ON {table};
            """,
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        return (type(self).__name__, [self.table], {})

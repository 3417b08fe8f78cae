"""Migration operations for evidence."""

from __future__ import annotations

from collections.abc import Sequence
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


BATCH_FACTS = (
    "agency_id",
    "quarter",
    "number",
    "document_id",
    "uploaded_by_id",
    "key_id",
    "received_at",
    "dry_run",
)
"""What of a batch never changes: who sent which file, when, for what."""


SENT_FACTS = (
    "agency_id",
    "quarter",
    "number",
    "sent_name",
    "sent_type",
    "sent_size",
    "sent_sha256",
    "uploaded_by_id",
    "key_id",
    "received_at",
    "dry_run",
    "corrects_id",
)
"""The same since what was sent and what was kept of it are two things."""


class FixColumns(migrations.RunSQL):
    """Refuse DELETE on a table and changes of the named columns, whoever asks.

    Columns in `once` may still be filled while they are NULL.
    """

    def __init__(self, table: str, columns: Sequence[str], once: Sequence[str] = ()) -> None:
        self.table, self.columns, self.once = table, columns, once
        old = ", ".join(f"OLD.{column}" for column in columns)
        new = ", ".join(f"NEW.{column}" for column in columns)
        refilled = "".join(
            f" OR (OLD.{column} IS NOT NULL AND OLD.{column} IS DISTINCT FROM NEW.{column})"
            for column in once
        )
        super().__init__(
            sql=f"""
            CREATE TRIGGER fix_columns BEFORE UPDATE ON {table} FOR EACH ROW
                WHEN (({old}) IS DISTINCT FROM ({new}){refilled})
                EXECUTE FUNCTION records_protect();
            CREATE TRIGGER keep_rows BEFORE DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION records_protect();
            """,
            reverse_sql=f"""
            DROP TRIGGER fix_columns ON {table};
            DROP TRIGGER keep_rows ON {table};
            """,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        once = {"once": self.once} if self.once else {}
        return (type(self).__name__, [self.table, self.columns], once)


class SentIsKept(migrations.RunSQL):
    """Fill what was sent from what was kept: until now the two were the same."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            sql=f"""
            UPDATE {table} batch SET sent_name = d.filename, sent_type = d.media_type,
                sent_size = d.size, sent_sha256 = d.sha256
            FROM records_document d WHERE d.id = batch.document_id;
            """,  # noqa: S608 - the name of the table stands in a migration
            reverse_sql=migrations.RunSQL.noop,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.table], {})

"""Who held which role when stays on record: a membership is ended, never changed or deleted."""

from django.db import migrations

from portal.records.operations import FixColumns


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_agency_number"), ("records", "0002_evidence")]

    operations = [
        FixColumns(
            "accounts_membership",
            ("user_id", "agency_id", "role", "side", "granted_at", "granted_by_id"),
        ),
    ]

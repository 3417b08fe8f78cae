from django.db import migrations

from portal.records.operations import BATCH_FACTS, FixColumns, ProtectRows


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("records", "0002_evidence")]

    operations = [
        FixColumns("agreements_rosterupload", BATCH_FACTS),
        ProtectRows("agreements_agreementchange"),
        ProtectRows("agreements_federallist"),
        ProtectRows("agreements_federalauthorization"),
    ]

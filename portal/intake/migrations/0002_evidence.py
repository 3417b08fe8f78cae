from django.db import migrations

from portal.records.operations import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("records", "0002_evidence")]

    operations = [
        ProtectRows("intake_columnmapping"),
        ProtectRows("intake_justification"),
    ]

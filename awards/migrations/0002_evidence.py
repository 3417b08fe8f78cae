from django.db import migrations

from portal.records.operations import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial"), ("records", "0002_evidence")]

    operations = [ProtectRows("awards_performancemeasure")]

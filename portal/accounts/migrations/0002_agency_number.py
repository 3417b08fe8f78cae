"""Portal numbers of agencies come from a sequence of their own and are never used twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE accounts_agency_number", "DROP SEQUENCE accounts_agency_number"
        ),
    ]

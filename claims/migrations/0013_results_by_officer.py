"""An officer's result is found without reading the whole calculation, and a proposer among appeals."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_archives")]

    operations = [
        migrations.AddIndex(
            model_name="officerresult",
            index=models.Index(
                fields=["calculation", "officer_id"], name="officerresult_by_officer"
            ),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(fields=["version", "proposed_by"], name="appeal_by_proposer"),
        ),
    ]

"""A reviewer's decision goes on in the claim that corrects the one it was made on."""

from django.db import migrations, models

from claims.rules.lines import Reason


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_appeals")]

    operations = [
        migrations.AlterField(
            "adjustment",
            "reason",
            models.CharField(
                max_length=14, choices=[(reason.value, reason.label) for reason in Reason]
            ),
        ),
    ]

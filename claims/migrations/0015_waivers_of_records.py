"""A waiver does without a record; nothing else was ever eased by one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0014_four_eyes_along_the_chain")]

    operations = [
        migrations.AlterField(
            model_name="waiver",
            name="rule",
            field=models.CharField(
                choices=[("evidence", "A record that the checklist asks for")], max_length=10
            ),
        ),
    ]

"""Four eyes over every decision: what the database asks of reviewers, approvers and signers."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_life")]

    operations = []

"""Linked claims and the ledger as the database sees them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0008_lines")]

    operations = []

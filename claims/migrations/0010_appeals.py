"""Appeals as the database sees them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_corrections")]

    operations = []

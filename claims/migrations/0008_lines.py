"""Line money as the database sees it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_decisions")]

    operations = []

from django.db import migrations

from portal.records.operations import BATCH_FACTS, SENT_FACTS, FixColumns, SentIsKept


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_intake")]

    operations = [
        SentIsKept("agreements_rosterupload"),
        migrations.RunSQL(
            "DROP TRIGGER fix_columns ON agreements_rosterupload;"
            "DROP TRIGGER keep_rows ON agreements_rosterupload;",
            FixColumns("agreements_rosterupload", BATCH_FACTS).sql,
        ),
        FixColumns("agreements_rosterupload", SENT_FACTS, once=("document_id", "mapping_id", "patch")),
    ]

from django.db import migrations

from portal.records.operations import BATCH_FACTS, SENT_FACTS, FixColumns, ProtectRows, SentIsKept


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_intake")]

    operations = [
        SentIsKept("claims_payrollbatch"),
        migrations.RunSQL(
            "DROP TRIGGER fix_columns ON claims_payrollbatch;"
            "DROP TRIGGER keep_rows ON claims_payrollbatch;",
            FixColumns("claims_payrollbatch", BATCH_FACTS).sql,
        ),
        FixColumns("claims_payrollbatch", SENT_FACTS, once=("document_id", "mapping_id", "patch")),
        ProtectRows("claims_payrollsummary"),
    ]

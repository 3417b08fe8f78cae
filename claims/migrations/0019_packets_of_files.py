"""A packet's PDF becomes the first of its files: those made so far are full copies without a manifest.

There is no way back: a column for one document has no room for copies, volumes and manifests, which are
evidence, and without their rows nobody could verify them.
"""

from django.db import migrations, models

MOVED = """
INSERT INTO claims_packetfile
    (packet_id, copy, part, number, document_id, enclosures, rendered_with)
    SELECT id, 'full', 'packet', 0, document_id, '[]', '{}'
    FROM claims_packet WHERE document_id IS NOT NULL ORDER BY id;
UPDATE claims_packet p SET made_at = d.created_at
    FROM records_document d WHERE d.id = p.document_id;
-- What could not be made says so by a code from now on.
UPDATE claims_packet SET reason = 'not_signed' WHERE reason = 'NotWhatWasSigned';
UPDATE claims_packet SET reason = 'failed' WHERE reason NOT IN ('', 'not_signed');
-- A table with checks that still wait cannot lose a column.
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0018_packets_stay"), ("records", "0004_archives")]

    operations = [
        migrations.AddField("packetfile", "pages", models.PositiveIntegerField(null=True)),
        migrations.AddField("packetfile", "enclosures", models.JSONField(default=list)),
        migrations.AddField("packetfile", "rendered_with", models.JSONField(default=dict)),
        migrations.RunSQL(MOVED),
        migrations.RemoveField("packet", "document"),
    ]

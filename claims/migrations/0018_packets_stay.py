"""Files of packets are evidence; what a packet shows is written down once."""

from django.db import migrations

from portal.records.operations import ProtectRows

CREATED = """
CREATE TRIGGER keep_snapshot BEFORE UPDATE ON claims_packet FOR EACH ROW
    WHEN (OLD.snapshot <> '' AND NEW.snapshot <> OLD.snapshot
        OR (NEW.version_id, NEW.edition, NEW.appeals) <> (OLD.version_id, OLD.edition, OLD.appeals)
        OR OLD.made_at IS NOT NULL AND NEW.made_at IS DISTINCT FROM OLD.made_at)
    EXECUTE FUNCTION records_protect();
"""
DROPPED = "DROP TRIGGER keep_snapshot ON claims_packet;"


class Migration(migrations.Migration):
    dependencies = [("claims", "0017_packet_files")]

    operations = [
        ProtectRows("claims_packetfile"),
        migrations.RunSQL(CREATED, DROPPED),
    ]

"""What stands among the files of a packet is what a job made for it: nothing comes to a packet that was made."""

from django.db import migrations
from django.db.models import CheckConstraint, Q

CREATED = """
CREATE FUNCTION claims_guard_packet_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM claims_packet p WHERE p.id = NEW.packet_id AND p.made_at IS NOT NULL)
        OR NOT EXISTS (
            SELECT FROM records_document d WHERE d.id = NEW.document_id AND d.kind = 'packet') THEN
        RAISE EXCEPTION 'a packet that was made takes no further file, and none that is not its own'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_file BEFORE INSERT ON claims_packetfile
    FOR EACH ROW EXECUTE FUNCTION claims_guard_packet_file();
CREATE FUNCTION claims_guard_packet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.made_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM claims_packetfile f WHERE f.packet_id = NEW.id) THEN
        RAISE EXCEPTION 'a packet is made when its files are there'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_making BEFORE INSERT OR UPDATE ON claims_packet
    FOR EACH ROW EXECUTE FUNCTION claims_guard_packet();
CREATE TRIGGER keep_request BEFORE UPDATE ON claims_packet FOR EACH ROW
    WHEN (NEW.requested_at <> OLD.requested_at)
    EXECUTE FUNCTION records_protect();
"""
DROPPED = """
DROP TRIGGER keep_request ON claims_packet;
DROP TRIGGER guard_making ON claims_packet; DROP FUNCTION claims_guard_packet();
DROP TRIGGER guard_file ON claims_packetfile; DROP FUNCTION claims_guard_packet_file();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0019_packets_of_files")]

    operations = [
        migrations.AddConstraint(
            "packetfile",
            CheckConstraint(
                name="packetfile_is_of_a_kind",
                condition=Q(copy__in=["full", "masked"], part__in=["packet", "volume", "manifest"]),
            ),
        ),
        migrations.RunSQL(CREATED, DROPPED),
    ]

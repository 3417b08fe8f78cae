"""Evidence in the database itself: protected rows, and audit events chained at commit."""

from django.db import migrations

from portal.records.operations import PROTECT_FUNCTION, ProtectRows

# An event's columns are filled from its content, so that they cannot tell another story.
FILL = """
CREATE FUNCTION records_fill_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said jsonb := NEW.content::jsonb;
BEGIN
    NEW.at := (said->>'at')::timestamptz;
    NEW.action := said->>'action';
    NEW.subject := said->>'subject';
    NEW.thread := said->>'thread';
    NEW.agency_id := (said->>'agency')::bigint;
    NEW.actor_id := (said->>'actor')::bigint;
    NEW.position := NULL;
    NEW.previous_hash := NULL;
    NEW.hash := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER fill BEFORE INSERT ON records_auditevent
    FOR EACH ROW EXECUTE FUNCTION records_fill_event();
"""

# Deferred to the commit, so that the lock that keeps the chain straight is held for an instant and no
# transaction waits on another's work. SECURITY DEFINER: the application may not update the table.
SEAL = """
CREATE FUNCTION records_seal_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before record;
BEGIN
    PERFORM pg_advisory_xact_lock(287010);
    SELECT position, hash INTO before FROM records_auditevent
        WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1;
    UPDATE records_auditevent SET
        position = coalesce(before.position, 0) + 1,
        previous_hash = coalesce(before.hash, repeat('0', 64)),
        hash = encode(sha256(convert_to(
            coalesce(before.hash, repeat('0', 64)) || content, 'UTF8')), 'hex')
    WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON records_auditevent
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION records_seal_event();
"""

# The one change an event ever sees is its sealing.
PROTECT_EVENTS = """
CREATE FUNCTION records_protect_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealing CONSTANT text[] := ARRAY['position', 'previous_hash', 'hash'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL
        AND to_jsonb(NEW) - sealing = to_jsonb(OLD) - sealing THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit events are evidence and are never changed'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER protect_rows BEFORE UPDATE OR DELETE ON records_auditevent
    FOR EACH ROW EXECUTE FUNCTION records_protect_event();
CREATE TRIGGER protect_table BEFORE TRUNCATE ON records_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION records_protect();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.RunSQL(PROTECT_FUNCTION, "DROP FUNCTION records_protect()"),
        migrations.RunSQL(
            FILL, "DROP TRIGGER fill ON records_auditevent; DROP FUNCTION records_fill_event()"
        ),
        migrations.RunSQL(
            SEAL, "DROP TRIGGER seal ON records_auditevent; DROP FUNCTION records_seal_event()"
        ),
        migrations.RunSQL(
            PROTECT_EVENTS,
            "DROP TRIGGER protect_rows ON records_auditevent;"
            "DROP TRIGGER protect_table ON records_auditevent;"
            "DROP FUNCTION records_protect_event()",
        ),
        ProtectRows("records_document"),
    ]

"""Counts as the database sees them: never changed, and confirmed by somebody else than their reporter."""

from django.db import migrations

from portal.records.operations import ProtectRows

CONFIRMATION = """
CREATE FUNCTION awards_guard_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said awards_performancemeasure;
BEGIN
    SELECT * INTO said FROM awards_performancemeasure WHERE id = NEW.measure_id;
    IF said.reported_by_id = NEW.user_id THEN
        RAISE EXCEPTION 'nobody confirms the counts they reported' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = NEW.user_id AND m.side = 'federal' AND m.role = 'program_manager'
            AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only a federal program_manager confirms counts'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM awards_performancemeasure later
        WHERE later.agency_id = said.agency_id AND later.quarter = said.quarter
            AND later.id > said.id) THEN
        RAISE EXCEPTION 'a later report has replaced these counts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON awards_countsconfirmation
    FOR EACH ROW EXECUTE FUNCTION awards_guard_confirmation();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0001_initial"),
        ("accounts", "0002_agency_number"),
        ("records", "0002_evidence"),
    ]

    operations = [
        migrations.RunSQL(
            CONFIRMATION,
            "DROP TRIGGER guard ON awards_countsconfirmation;"
            "DROP FUNCTION awards_guard_confirmation()",
        ),
        ProtectRows("awards_countsupload"),
        ProtectRows("awards_performancemeasure"),
        ProtectRows("awards_countsconfirmation"),
    ]

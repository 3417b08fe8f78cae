"""Linked claims and the ledger as the database sees them.

A quarter has one claim at a time that is still to be decided, and its ledger entries add up to what the
claim in force allows, whatever the code says.
"""

from django.db import migrations

from portal.records.operations import FixColumns

LINKED = """
CREATE FUNCTION claims_guard_linked() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    before record;
BEGIN
    IF NEW.kind = 'original' THEN
        RETURN NEW;
    END IF;
    SELECT c.agency_id, c.quarter, c.sequence, v.state INTO before
        FROM claims_claim c JOIN claims_claimversion v ON v.id = c.version_id
        WHERE c.id = NEW.follows_id;
    IF (before.agency_id, before.quarter, before.sequence + 1)
        IS DISTINCT FROM (NEW.agency_id, NEW.quarter::varchar, NEW.sequence::int) THEN
        RAISE EXCEPTION 'a linked claim follows the last one of its quarter'
            USING ERRCODE = 'check_violation';
    END IF;
    IF before.state NOT IN (
        'approved', 'partly_approved', 'denied', 'paid', 'closed', 'withdrawn') THEN
        RAISE EXCEPTION 'the claim before is not decided yet' USING ERRCODE = 'check_violation';
    END IF;
    IF claims_in_force(NEW.agency_id, NEW.quarter) IS NULL THEN
        RAISE EXCEPTION 'there is no decided claim to correct' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_linked BEFORE INSERT ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_guard_linked();
"""

IN_FORCE = """
CREATE FUNCTION claims_in_force(agency bigint, of_quarter varchar) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT v.id FROM claims_claim c JOIN claims_claimversion v ON v.id = c.version_id
    WHERE c.agency_id = agency AND c.quarter = of_quarter
        AND v.state IN ('approved', 'partly_approved', 'paid', 'closed')
    ORDER BY c.sequence DESC LIMIT 1
$$;
"""

LAST_OF_QUARTER = """
CREATE FUNCTION claims_guard_followed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM claims_claim WHERE follows_id = NEW.claim_id) THEN
        RAISE EXCEPTION 'another claim has followed this one' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_followed BEFORE INSERT ON claims_claimversion
    FOR EACH ROW EXECUTE FUNCTION claims_guard_followed();
"""

# What was approved before there was a ledger.
FILL = """
INSERT INTO claims_ledgerentry (agency_id, quarter, version_id, amount, balance, entered_at)
SELECT c.agency_id, c.quarter, v.id, k.total,
    sum(k.total) OVER (PARTITION BY c.agency_id ORDER BY v.changed_at, v.id), v.changed_at
FROM claims_claim c
    JOIN claims_claimversion v ON v.id = c.version_id AND v.state = 'approved'
    JOIN claims_calculation k ON k.id = v.calculation_id AND k.total <> 0
ORDER BY v.changed_at, v.id;
"""

LEDGER = """
CREATE FUNCTION claims_guard_ledger() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    of_quarter bigint;
    of_agency bigint;
    entitled bigint;
BEGIN
    IF NOT EXISTS (
        SELECT FROM claims_claimversion v JOIN claims_claim c ON c.id = v.claim_id
        WHERE v.id = NEW.version_id AND c.agency_id = NEW.agency_id AND c.quarter = NEW.quarter
    ) THEN
        RAISE EXCEPTION 'an entry belongs to the quarter of its claim'
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(sum(amount) FILTER (WHERE quarter = NEW.quarter), 0), coalesce(sum(amount), 0)
        INTO of_quarter, of_agency FROM claims_ledgerentry WHERE agency_id = NEW.agency_id;
    SELECT k.total + coalesce((
            SELECT sum(amount) FROM claims_adjustment WHERE version_id = v.id), 0)
        INTO entitled
        FROM claims_claimversion v JOIN claims_calculation k ON k.id = v.calculation_id
        WHERE v.id = claims_in_force(NEW.agency_id, NEW.quarter);
    IF of_quarter + NEW.amount <> coalesce(entitled, 0) THEN
        RAISE EXCEPTION 'the entries of a quarter add up to what its claim in force allows'
            USING ERRCODE = 'check_violation';
    END IF;
    IF of_agency + NEW.amount <> NEW.balance THEN
        RAISE EXCEPTION 'the balance is the sum of the entries' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON claims_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION claims_guard_ledger();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0008_lines")]

    operations = [
        migrations.RunSQL(IN_FORCE, "DROP FUNCTION claims_in_force(bigint, varchar)"),
        migrations.RunSQL(
            LINKED,
            "DROP TRIGGER guard_linked ON claims_claim; DROP FUNCTION claims_guard_linked()",
        ),
        migrations.RunSQL(
            LAST_OF_QUARTER,
            "DROP TRIGGER guard_followed ON claims_claimversion;"
            "DROP FUNCTION claims_guard_followed()",
        ),
        FixColumns("claims_claim", ("kind", "sequence", "follows_id", "opened_at")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            LEDGER,
            "DROP TRIGGER guard ON claims_ledgerentry; DROP FUNCTION claims_guard_ledger()",
        ),
    ]

"""The claim's life as the database sees it.

Whatever the code says, a version moves only along the lifecycle's arrows; it is submitted only under the
signature of a certifier of its agency over its current calculation, and approved only by a payment
approver. One person has one part in a version (`participant_one_part`), so nobody approves their own work.
`tests/claims/test_lifecycle.py` compares these arrows with `claims.rules.lifecycle`.
"""

from django.db import migrations

from portal.records.operations import BATCH_FACTS, FixColumns, ProtectRows

VERSION = """
CREATE FUNCTION claims_guard_version() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    arrows CONSTANT text[] := ARRAY[
        'draft>ready', 'ready>draft', 'ready>submitted', 'submitted>withdrawn',
        'submitted>in_review', 'in_review>recommended', 'in_review>returned',
        'recommended>approved', 'recommended>denied', 'recommended>returned'];
    current_hash text;
    before record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'claim versions are never deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.calculation_id IS NOT NULL THEN
            RAISE EXCEPTION 'a claim version begins as an empty draft'
                USING ERRCODE = 'check_violation';
        END IF;
        SELECT number, state INTO before FROM claims_claimversion
            WHERE claim_id = NEW.claim_id ORDER BY number DESC LIMIT 1;
        IF NEW.number <> coalesce(before.number, 0) + 1
            OR before.state NOT IN ('returned', 'withdrawn') THEN
            RAISE EXCEPTION 'a version follows one that was returned or withdrawn'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.calculation_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM claims_calculation k
        WHERE k.id = NEW.calculation_id AND k.version_id = NEW.id) THEN
        RAISE EXCEPTION 'a version has calculations of its own only'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.claim_id <> OLD.claim_id OR NEW.number <> OLD.number THEN
        RAISE EXCEPTION 'a claim version stays what it is' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.calculation_id IS DISTINCT FROM OLD.calculation_id
        AND (OLD.state <> 'draft' OR NEW.state <> 'draft') THEN
        RAISE EXCEPTION 'only a draft is calculated anew' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF NOT (OLD.state || '>' || NEW.state) = ANY (arrows) THEN
        RAISE EXCEPTION 'no claim goes from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT sha256 INTO current_hash FROM claims_calculation WHERE id = NEW.calculation_id;
    IF NEW.state = 'ready' AND current_hash IS NULL THEN
        RAISE EXCEPTION 'a claim without a calculation cannot be ready'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'ready' THEN
        -- Whose payroll is in the claim has prepared it, whatever the application noted.
        INSERT INTO claims_participant (version_id, user_id, part, since)
            SELECT DISTINCT NEW.id, b.uploaded_by_id, 'preparer', NEW.changed_at
            FROM claims_claim c
                JOIN claims_payrollbatch b ON b.agency_id = c.agency_id
                    AND b.quarter = c.quarter AND b.state = 'accepted' AND NOT b.dry_run
            WHERE c.id = NEW.claim_id
            ON CONFLICT (version_id, user_id) DO NOTHING;
    END IF;
    IF NEW.state = 'submitted' AND NOT EXISTS (
        SELECT FROM claims_certification c
        WHERE c.version_id = NEW.id AND c.sha256 = current_hash) THEN
        RAISE EXCEPTION 'a claim is submitted only under a signature over its calculation'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('in_review', 'recommended', 'returned', 'approved', 'denied')
        AND NOT EXISTS (
            SELECT FROM claims_decision d
            WHERE d.version_id = NEW.id AND d.sha256 = current_hash
                AND (d.action, NEW.state, OLD.state) IN (
                    ('start_review', 'in_review', 'submitted'),
                    ('recommend', 'recommended', 'in_review'),
                    ('return', 'returned', 'in_review'),
                    ('return_recommended', 'returned', 'recommended'),
                    ('approve', 'approved', 'recommended'),
                    ('deny', 'denied', 'recommended'))) THEN
        RAISE EXCEPTION 'a claim becomes % only by a recorded decision', NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON claims_claimversion
    FOR EACH ROW EXECUTE FUNCTION claims_guard_version();
"""

# Whose work is in a version is in the one that follows it.
CARRY = """
CREATE FUNCTION claims_carry_preparers() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO claims_participant (version_id, user_id, part, since)
        SELECT NEW.id, p.user_id, 'preparer', NEW.opened_at
        FROM claims_claimversion v JOIN claims_participant p ON p.version_id = v.id
        WHERE v.claim_id = NEW.claim_id AND v.number = NEW.number - 1 AND p.part = 'preparer';
    RETURN NULL;
END $$;
CREATE TRIGGER carry AFTER INSERT ON claims_claimversion
    FOR EACH ROW EXECUTE FUNCTION claims_carry_preparers();
"""

CLAIM = """
CREATE FUNCTION claims_guard_claim() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'claims are never deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.agency_id, NEW.quarter, NEW.number) <> (OLD.agency_id, OLD.quarter, OLD.number) THEN
        RAISE EXCEPTION 'a claim stays what it is' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.version_id <> OLD.version_id AND NOT EXISTS (
        SELECT FROM claims_claimversion v
        WHERE v.id = NEW.version_id AND v.claim_id = NEW.id
            AND v.number = (SELECT max(number) FROM claims_claimversion WHERE claim_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'the current version is the last one of the claim'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_guard_claim();
"""

CERTIFICATION = """
CREATE FUNCTION claims_guard_certification() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM claims_claimversion v
            JOIN claims_claim c ON c.id = v.claim_id
            JOIN claims_calculation k ON k.id = v.calculation_id AND k.sha256 = NEW.sha256
            JOIN accounts_membership m ON m.agency_id = c.agency_id
                AND m.user_id = NEW.user_id AND m.role = 'certifier' AND m.ended_at IS NULL
        WHERE v.id = NEW.version_id AND v.state = 'ready') THEN
        RAISE EXCEPTION 'only a certifier of the agency signs, and only a claim that is ready'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM claims_participant p
        WHERE p.version_id = NEW.version_id AND p.part = 'preparer') THEN
        RAISE EXCEPTION 'nobody has prepared this claim' USING ERRCODE = 'check_violation';
    END IF;
    -- Fails on participant_one_part when the signer prepared the claim.
    INSERT INTO claims_participant (version_id, user_id, part, since)
        VALUES (NEW.version_id, NEW.user_id, 'certifier', NEW.certified_at);
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON claims_certification
    FOR EACH ROW EXECUTE FUNCTION claims_guard_certification();
"""

DECISION = """
CREATE FUNCTION claims_guard_decision() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    asked text;
    needed text;
    held text;
BEGIN
    IF NEW.action IN ('start_review', 'recommend', 'return') THEN
        asked := 'reviewer';
        needed := 'reviewer';
    ELSIF NEW.action IN ('approve', 'deny', 'return_recommended') THEN
        asked := 'approver';
        needed := 'payment_approver';
    ELSE
        RAISE EXCEPTION '% is not a decision', NEW.action USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = NEW.user_id AND m.side = 'federal' AND m.role = needed
            AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only a federal % decides this', needed USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM claims_claimversion v
        WHERE v.id = NEW.version_id AND (NEW.action, v.state) IN (
            ('start_review', 'submitted'), ('recommend', 'in_review'), ('return', 'in_review'),
            ('approve', 'recommended'), ('deny', 'recommended'),
            ('return_recommended', 'recommended'))) THEN
        RAISE EXCEPTION 'a claim in this state is not decided so' USING ERRCODE = 'check_violation';
    END IF;
    SELECT part INTO held FROM claims_participant
        WHERE version_id = NEW.version_id AND user_id = NEW.user_id;
    IF held IS NULL THEN
        INSERT INTO claims_participant (version_id, user_id, part, since)
            VALUES (NEW.version_id, NEW.user_id, asked, NEW.decided_at);
    ELSIF held <> asked THEN
        RAISE EXCEPTION 'this person is already the % of this version', held
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON claims_decision
    FOR EACH ROW EXECUTE FUNCTION claims_guard_decision();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0001_initial"),
        ("accounts", "0002_agency_number"),
        ("records", "0002_evidence"),
    ]

    operations = [
        migrations.RunSQL(
            VERSION,
            "DROP TRIGGER guard ON claims_claimversion; DROP FUNCTION claims_guard_version()",
        ),
        migrations.RunSQL(
            CARRY,
            "DROP TRIGGER carry ON claims_claimversion; DROP FUNCTION claims_carry_preparers()",
        ),
        migrations.RunSQL(
            CLAIM, "DROP TRIGGER guard ON claims_claim; DROP FUNCTION claims_guard_claim()"
        ),
        FixColumns("claims_payrollbatch", BATCH_FACTS),
        migrations.RunSQL(
            CERTIFICATION,
            "DROP TRIGGER guard ON claims_certification;"
            "DROP FUNCTION claims_guard_certification()",
        ),
        migrations.RunSQL(
            DECISION,
            "DROP TRIGGER guard ON claims_decision; DROP FUNCTION claims_guard_decision()",
        ),
        ProtectRows("claims_payrollline"),
        ProtectRows("claims_calculation"),
        ProtectRows("claims_officerresult"),
        ProtectRows("claims_participant"),
        ProtectRows("claims_certification"),
        ProtectRows("claims_decision"),
    ]

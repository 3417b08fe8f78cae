"""Four eyes over every decision: what the database asks of reviewers, approvers and signers.

Further than `0002_four_eyes`: it is the *last* decision that moves a version, so that none moves it twice;
who withdraws puts their name to it; a claim is approved in part exactly when people took something from its
lines; what is approved is what was recommended; and as many different approvers decided since the
recommendation as it asks for. `tests/claims/test_lifecycle.py` compares the arrows with the table.
"""

from django.db import migrations

VERSION = """
CREATE OR REPLACE FUNCTION claims_guard_version() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    arrows CONSTANT text[] := ARRAY[
        'draft>ready', 'ready>draft', 'draft>withdrawn', 'ready>submitted', 'submitted>withdrawn',
        'submitted>in_review', 'in_review>recommended', 'in_review>returned',
        'recommended>in_review', 'recommended>approved', 'recommended>partly_approved',
        'recommended>denied', 'recommended>returned', 'denied>approved', 'denied>partly_approved',
        'partly_approved>approved'];
    current_hash text;
    current_total bigint;
    taken bigint;
    decided record;
    recommended record;
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
    SELECT sha256, total INTO current_hash, current_total
        FROM claims_calculation WHERE id = NEW.calculation_id;
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
    IF OLD.state = 'draft' AND NEW.state = 'withdrawn' AND EXISTS (
        SELECT FROM claims_claim c WHERE c.id = NEW.claim_id AND c.kind = 'original') THEN
        RAISE EXCEPTION 'only a linked claim is given up as a draft'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('draft', 'ready', 'submitted') OR OLD.state = 'draft' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO decided FROM claims_decision
        WHERE version_id = NEW.id ORDER BY id DESC LIMIT 1;
    IF (decided.sha256 = current_hash AND (decided.action, NEW.state, OLD.state) IN (
            ('withdraw', 'withdrawn', 'submitted'),
            ('start_review', 'in_review', 'submitted'),
            ('recommend', 'recommended', 'in_review'),
            ('return', 'returned', 'in_review'),
            ('send_back', 'in_review', 'recommended'),
            ('return_recommended', 'returned', 'recommended'),
            ('approve', 'approved', 'recommended'),
            ('approve_partly', 'partly_approved', 'recommended'),
            ('deny', 'denied', 'recommended'),
            ('grant_appeal', 'approved', 'denied'),
            ('grant_appeal', 'approved', 'partly_approved'),
            ('grant_appeal_partly', 'partly_approved', 'denied'))) IS NOT TRUE THEN
        RAISE EXCEPTION 'a claim becomes % only by a recorded decision', NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state NOT IN ('approved', 'partly_approved', 'denied') THEN
        RETURN NEW;
    END IF;
    SELECT coalesce(sum(amount), 0) INTO taken FROM claims_adjustment WHERE version_id = NEW.id;
    IF decided.allowed <> current_total + taken
        OR NEW.state = 'approved' AND taken <> 0
        OR NEW.state = 'partly_approved' AND taken = 0
        OR NEW.state = 'denied' AND decided.allowed <> 0 THEN
        RAISE EXCEPTION 'a claim of % with % taken from it is not % with % allowed',
            current_total, taken, NEW.state, decided.allowed USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'denied' THEN
        RETURN NEW;
    END IF;
    IF OLD.state <> 'recommended' THEN
        -- An appeal: who decided the claim does not decide it (0010_appeals), so it has two new people.
        RETURN NEW;
    END IF;
    SELECT * INTO recommended FROM claims_decision
        WHERE version_id = NEW.id AND action = 'recommend' ORDER BY id DESC LIMIT 1;
    IF recommended.allowed <> decided.allowed THEN
        RAISE EXCEPTION 'what is approved is what was recommended'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(DISTINCT user_id) FROM claims_decision
        WHERE version_id = NEW.id AND id > recommended.id
            AND action IN ('endorse', 'approve', 'approve_partly')) < recommended.approvers THEN
        RAISE EXCEPTION 'this amount is approved by % payment approvers', recommended.approvers
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

DECISION = """
CREATE OR REPLACE FUNCTION claims_guard_decision() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    asked text;
    needed text;
    held text;
    decided record;
BEGIN
    IF NEW.action IN ('start_review', 'recommend', 'return') THEN
        asked := 'reviewer';
        needed := 'reviewer';
    ELSIF NEW.action IN ('endorse', 'approve', 'approve_partly', 'deny', 'send_back',
        'return_recommended', 'grant_appeal', 'grant_appeal_partly') THEN
        asked := 'approver';
        needed := 'payment_approver';
    ELSIF NEW.action = 'withdraw' THEN
        asked := 'certifier';
        needed := 'certifier';
    ELSE
        RAISE EXCEPTION '% is not a decision', NEW.action USING ERRCODE = 'check_violation';
    END IF;
    SELECT v.state, c.agency_id, k.total INTO decided
        FROM claims_claimversion v
            JOIN claims_claim c ON c.id = v.claim_id
            LEFT JOIN claims_calculation k ON k.id = v.calculation_id
        WHERE v.id = NEW.version_id;
    IF asked <> 'certifier' AND NOT EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = NEW.user_id AND m.side = 'federal' AND m.role = needed
            AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only a federal % decides this', needed USING ERRCODE = 'check_violation';
    END IF;
    IF asked = 'certifier' AND NOT EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = NEW.user_id AND m.agency_id = decided.agency_id
            AND m.role = 'certifier' AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only a certifier of the agency withdraws its claim'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.action, decided.state) NOT IN (
        ('withdraw', 'submitted'), ('start_review', 'submitted'),
        ('recommend', 'in_review'), ('return', 'in_review'),
        ('endorse', 'recommended'), ('approve', 'recommended'), ('approve_partly', 'recommended'),
        ('deny', 'recommended'), ('send_back', 'recommended'),
        ('return_recommended', 'recommended'),
        ('grant_appeal', 'denied'), ('grant_appeal', 'partly_approved'),
        ('grant_appeal_partly', 'denied'), ('grant_appeal_partly', 'partly_approved')) THEN
        RAISE EXCEPTION 'a claim in this state is not decided so' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.action IN ('recommend', 'endorse', 'approve', 'approve_partly', 'deny', 'grant_appeal',
        'grant_appeal_partly') AND NEW.allowed <> decided.total + (
            SELECT coalesce(sum(amount), 0) FROM claims_adjustment
            WHERE version_id = NEW.version_id) THEN
        RAISE EXCEPTION 'what is allowed is what people left of the total'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.action IN ('grant_appeal', 'grant_appeal_partly') AND EXISTS (
        SELECT FROM claims_decision d
        WHERE d.version_id = NEW.version_id AND d.user_id = NEW.user_id
            AND d.action IN ('endorse', 'approve_partly', 'deny')) THEN
        RAISE EXCEPTION 'nobody grants an appeal against their own decision'
            USING ERRCODE = 'unique_violation';
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
"""

# Until now nobody took anything from a line: what was decided on is what was calculated.
ALLOWED = """
ALTER TABLE claims_decision DISABLE TRIGGER protect_rows;
UPDATE claims_decision d SET allowed = k.total
    FROM claims_calculation k WHERE k.version_id = d.version_id AND k.sha256 = d.sha256;
ALTER TABLE claims_decision ENABLE TRIGGER protect_rows;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_life")]

    operations = [
        migrations.RunSQL(ALLOWED, migrations.RunSQL.noop),
        migrations.RunSQL(VERSION, migrations.RunSQL.noop),
        migrations.RunSQL(DECISION, migrations.RunSQL.noop),
    ]

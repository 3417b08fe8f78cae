"""Four eyes from one version and claim to the next, and what was shown to whoever decided.

Who waives a requirement is an approver of the claim from then on, in its later versions too, so that they
do not review it. What a linked claim carries over from the claims before it is appealed before a reviewer
who judged none of them. And an appeal that makes a large amount payable is granted by two approvers: who
denied the claim approved nothing.
"""

from django.db import migrations, models

from claims.rules.lifecycle import ACTIONS

# Until now nobody took anything from a line: what was shown is what was calculated.
FILL = """
ALTER TABLE claims_decision DISABLE TRIGGER protect_rows;
UPDATE claims_decision SET shown_sha256 = sha256
    WHERE action IN ('recommend', 'endorse', 'approve', 'approve_partly', 'deny');
ALTER TABLE claims_decision ENABLE TRIGGER protect_rows;
"""

WAIVER = """
CREATE FUNCTION claims_take_part_by_waiver() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    -- Who has another part is refused by the guard before.
    INSERT INTO claims_participant (version_id, user_id, part, since)
        SELECT c.version_id, coalesce(NEW.revoked_by_id, NEW.granted_by_id), 'approver',
            coalesce(NEW.revoked_at, NEW.granted_at)
        FROM claims_claim c WHERE c.id = NEW.claim_id
        ON CONFLICT (version_id, user_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER take_part AFTER INSERT OR UPDATE ON claims_waiver
    FOR EACH ROW EXECUTE FUNCTION claims_take_part_by_waiver();

CREATE FUNCTION claims_carry_waivers() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO claims_participant (version_id, user_id, part, since)
        SELECT DISTINCT NEW.id, w.granted_by_id, 'approver', NEW.opened_at
        FROM claims_waiver w WHERE w.claim_id = NEW.claim_id AND w.revoked_at IS NULL
        ON CONFLICT (version_id, user_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER carry_waivers AFTER INSERT ON claims_claimversion
    FOR EACH ROW EXECUTE FUNCTION claims_carry_waivers();
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
        'return_recommended', 'endorse_appeal', 'grant_appeal', 'grant_appeal_partly') THEN
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
        ('endorse_appeal', 'denied'),
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
    IF NEW.action IN ('endorse_appeal', 'grant_appeal', 'grant_appeal_partly') AND EXISTS (
        SELECT FROM claims_decision d
        WHERE d.version_id = NEW.version_id AND d.user_id = NEW.user_id
            AND d.action IN ('endorse', 'approve_partly', 'deny')) THEN
        RAISE EXCEPTION 'nobody grants an appeal against their own decision'
            USING ERRCODE = 'unique_violation';
    END IF;
    IF NEW.action IN ('grant_appeal', 'grant_appeal_partly') AND (
        SELECT count(DISTINCT d.user_id) FROM claims_decision d
        WHERE d.version_id = NEW.version_id AND d.user_id <> NEW.user_id AND (
            d.action IN ('grant_appeal', 'grant_appeal_partly')
            OR d.action = 'endorse_appeal' AND d.allowed = NEW.allowed
            OR d.action IN ('endorse', 'approve', 'approve_partly') AND d.id > (
                SELECT max(id) FROM claims_decision
                WHERE version_id = NEW.version_id AND action = 'recommend'))
        ) + 1 < NEW.approvers THEN
        RAISE EXCEPTION 'this amount is approved by % payment approvers', NEW.approvers
            USING ERRCODE = 'check_violation';
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

APPEAL = """
CREATE FUNCTION claims_guard_appeal_of_carried() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.proposed_at IS NULL AND NEW.proposed_at IS NOT NULL AND EXISTS (
        SELECT FROM claims_adjustment t
        WHERE t.version_id = NEW.version_id AND t.reason = 'carried'
    ) AND EXISTS (
        SELECT FROM claims_claimversion v
            JOIN claims_claim c ON c.id = v.claim_id
            JOIN claims_claim b ON b.agency_id = c.agency_id AND b.quarter = c.quarter
                AND b.sequence < c.sequence
            JOIN claims_claimversion w ON w.claim_id = b.id
            JOIN claims_participant p ON p.version_id = w.id
        WHERE v.id = NEW.version_id AND p.user_id = NEW.proposed_by_id
            AND p.part IN ('reviewer', 'approver')
    ) THEN
        RAISE EXCEPTION 'this person judged a claim from which it was carried over'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_carried BEFORE UPDATE ON claims_appeal
    FOR EACH ROW EXECUTE FUNCTION claims_guard_appeal_of_carried();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0013_results_by_officer")]

    operations = [
        migrations.AddField(
            "decision",
            "shown_sha256",
            models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            WAIVER,
            "DROP TRIGGER take_part ON claims_waiver; DROP FUNCTION claims_take_part_by_waiver();"
            "DROP TRIGGER carry_waivers ON claims_claimversion; DROP FUNCTION claims_carry_waivers()",
        ),
        migrations.AlterField(
            "decision",
            "action",
            models.CharField(
                choices=[(action.code, action.label) for action in ACTIONS.values()], max_length=20
            ),
        ),
        migrations.RunSQL(DECISION, migrations.RunSQL.noop),
        migrations.RunSQL(
            APPEAL,
            "DROP TRIGGER guard_carried ON claims_appeal;"
            "DROP FUNCTION claims_guard_appeal_of_carried()",
        ),
    ]

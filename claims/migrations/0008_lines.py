"""Line money as the database sees it.

Whatever the code says: a reviewer changes lines only in review and takes that part in the version by it, a
payment approver takes the rest with a denial or gives back what an appeal was granted, and a line never
allows less than nothing nor more than the rules left of it. The guard looks at a whole statement at once,
so that a denial of 5,000 officers is one look at their lines.
"""

from django.db import migrations

ADJUSTMENT = """
CREATE FUNCTION claims_guard_adjustments() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    bad text;
BEGIN
    -- Whoever else changes lines of these versions waits, so that the sums below stay true.
    PERFORM FROM claims_claimversion v
        WHERE v.id IN (SELECT version_id FROM fresh) ORDER BY v.id FOR UPDATE;

    SELECT f.reason INTO bad FROM fresh f
        JOIN claims_claimversion v ON v.id = f.version_id
        JOIN claims_claim c ON c.id = v.claim_id
        LEFT JOIN claims_appeal a ON a.id = f.appeal_id
        WHERE CASE f.reason
            WHEN 'denied' THEN NOT (v.state = 'recommended' AND c.version_id = v.id
                AND f.amount < 0 AND f.appeal_id IS NULL)
            WHEN 'appeal' THEN coalesce(NOT (v.state IN ('denied', 'partly_approved')
                AND f.amount > 0 AND a.decided_at IS NOT NULL AND a.decided_by_id = f.author_id
                AND (a.version_id, a.officer_id, a.category)
                    = (f.version_id, f.officer_id, f.category)), true)
            ELSE NOT (v.state = 'in_review' AND c.version_id = v.id AND f.appeal_id IS NULL
                AND (f.reason = 'reversed') = (f.amount > 0))
        END LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'no line changes for the reason % while its claim stands there', bad
            USING ERRCODE = 'check_violation';
    END IF;

    SELECT f.reason INTO bad FROM fresh f
        WHERE NOT EXISTS (
            SELECT FROM accounts_membership m
            WHERE m.user_id = f.author_id AND m.side = 'federal' AND m.ended_at IS NULL
                AND m.role = CASE WHEN f.reason IN ('denied', 'appeal')
                    THEN 'payment_approver' ELSE 'reviewer' END) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'this person does not change lines for the reason %', bad
            USING ERRCODE = 'check_violation';
    END IF;

    INSERT INTO claims_participant (version_id, user_id, part, since)
        SELECT f.version_id, f.author_id,
            CASE WHEN f.reason IN ('denied', 'appeal') THEN 'approver' ELSE 'reviewer' END,
            min(f.made_at)
        FROM fresh f GROUP BY 1, 2, 3
        ON CONFLICT (version_id, user_id) DO NOTHING;
    SELECT p.part INTO bad FROM fresh f
        JOIN claims_participant p ON p.version_id = f.version_id AND p.user_id = f.author_id
        WHERE p.part <> CASE WHEN f.reason IN ('denied', 'appeal')
            THEN 'approver' ELSE 'reviewer' END LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'this person is already the % of this version', bad
            USING ERRCODE = 'unique_violation';
    END IF;

    SELECT a.category INTO bad FROM (
            SELECT t.version_id, t.officer_id, t.category, sum(t.amount) AS cents
            -- All lines of these versions: comparing each with each fresh row takes the square of them.
            FROM claims_adjustment t WHERE t.version_id IN (SELECT version_id FROM fresh)
            GROUP BY 1, 2, 3) AS a
        JOIN claims_claimversion v ON v.id = a.version_id
        LEFT JOIN claims_calculation k ON k.id = v.calculation_id
        -- LIMIT keeps the planner from reading all officers for each line while it knows no statistics.
        LEFT JOIN LATERAL (
            SELECT regular, benefits, overtime_allowed FROM claims_officerresult
            WHERE calculation_id = v.calculation_id AND officer_id = a.officer_id LIMIT 1
        ) AS r ON a.officer_id <> ''
        WHERE coalesce(a.cents + CASE
                WHEN a.category = 'award' AND a.officer_id = '' THEN k.award_amount
                WHEN a.category = 'regular' THEN r.regular
                WHEN a.category = 'benefits' THEN r.benefits
                WHEN a.category = 'overtime' THEN r.overtime_allowed END NOT BETWEEN 0 AND
            CASE a.category
                WHEN 'award' THEN k.award_amount
                WHEN 'regular' THEN r.regular
                WHEN 'benefits' THEN r.benefits
                WHEN 'overtime' THEN r.overtime_allowed END, true) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a line of % is not there, or allows less than nothing or more than was computed', bad
            USING ERRCODE = 'check_violation';
    END IF;

    IF EXISTS (SELECT FROM (SELECT DISTINCT appeal_id AS id FROM fresh) AS f
            JOIN claims_appeal a USING (id) JOIN claims_adjustment t ON t.appeal_id = a.id
            GROUP BY a.id, a.granted HAVING sum(t.amount) IS DISTINCT FROM a.granted) THEN
        RAISE EXCEPTION 'an appeal gives back what was granted'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT ON claims_adjustment
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION claims_guard_adjustments();
"""

WAIVER = """
CREATE FUNCTION claims_guard_waiver() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.granted_by_id ELSE NEW.revoked_by_id END;
BEGIN
    IF NOT EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = who AND m.side = 'federal' AND m.role = 'payment_approver'
            AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only a federal payment_approver waives a requirement'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM claims_claim c JOIN claims_participant p ON p.version_id = c.version_id
        WHERE c.id = NEW.claim_id AND p.user_id = who AND p.part <> 'approver') THEN
        RAISE EXCEPTION 'nobody waives a requirement of a claim they had another part in'
            USING ERRCODE = 'unique_violation';
    END IF;
    IF (NEW.revoked_by_id IS NULL) <> (NEW.revoked_at IS NULL)
        OR (TG_OP = 'INSERT' AND NEW.revoked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a waiver is granted first, and revoked by somebody at some time'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON claims_waiver
    FOR EACH ROW EXECUTE FUNCTION claims_guard_waiver();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_decisions")]

    operations = [
        migrations.RunSQL(
            ADJUSTMENT,
            "DROP TRIGGER guard ON claims_adjustment; DROP FUNCTION claims_guard_adjustments()",
        ),
        migrations.RunSQL(
            WAIVER, "DROP TRIGGER guard ON claims_waiver; DROP FUNCTION claims_guard_waiver()"
        ),
    ]

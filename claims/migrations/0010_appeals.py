"""Appeals as the database sees them.

Whatever the code says: only a certifier of the agency appeals, only a line of a decided claim, and no more
than was taken from it; only a reviewer without any other part in the version proposes, and only a payment
approver who neither reviewed nor decided the claim, nor proposed, decides what a reviewer proposed on. Each fills in
their part once. Both take their part in the version by it (`participant_one_part`).
"""

from django.db import migrations

APPEAL = """
CREATE FUNCTION claims_guard_appeal() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    stands record;
    taken bigint;
    held text;
    who bigint;
    asked text;
    needed text;
BEGIN
    SELECT v.state, c.agency_id, c.version_id = v.id AS is_current INTO stands
        FROM claims_claimversion v JOIN claims_claim c ON c.id = v.claim_id
        WHERE v.id = NEW.version_id;
    IF stands.state NOT IN ('partly_approved', 'denied') OR NOT stands.is_current THEN
        RAISE EXCEPTION 'only what was denied or approved in part is appealed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.proposed_at IS NOT NULL OR NEW.proposed_by_id IS NOT NULL OR NEW.proposed IS NOT NULL
            OR NEW.decided_at IS NOT NULL OR NEW.decided_by_id IS NOT NULL
            OR NEW.granted IS NOT NULL THEN
            RAISE EXCEPTION 'an appeal begins undecided' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT FROM accounts_membership m
            WHERE m.user_id = NEW.filed_by_id AND m.agency_id = stands.agency_id
                AND m.role = 'certifier' AND m.ended_at IS NULL) THEN
            RAISE EXCEPTION 'only a certifier of the agency appeals'
                USING ERRCODE = 'check_violation';
        END IF;
        SELECT -coalesce(sum(t.amount), 0) INTO taken FROM claims_adjustment t
            WHERE t.version_id = NEW.version_id AND t.officer_id = NEW.officer_id
                AND t.category = NEW.category;
        IF NEW.asked > taken THEN
            RAISE EXCEPTION 'an appeal asks back no more than was taken'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF num_nulls(NEW.proposed, NEW.proposed_by_id, NEW.proposed_at) NOT IN (0, 3)
        OR num_nulls(NEW.granted, NEW.decided_by_id, NEW.decided_at) NOT IN (0, 3)
        OR (NEW.decided_at IS NOT NULL AND OLD.proposed_at IS NULL) THEN
        RAISE EXCEPTION 'an appeal is proposed on first and decided then, by somebody at some time'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.proposed_at IS NOT NULL AND NEW.proposal <> OLD.proposal)
        OR (OLD.decided_at IS NOT NULL AND NEW.ruling <> OLD.ruling)
        OR (NEW.decided_at IS NULL AND NEW.ruling <> '') THEN
        RAISE EXCEPTION 'what was said on an appeal stays' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.proposed_at IS NULL AND NEW.proposed_at IS NOT NULL THEN
        who := NEW.proposed_by_id;
        asked := 'reviewer';
        needed := 'reviewer';
    ELSIF OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL THEN
        who := NEW.decided_by_id;
        asked := 'approver';
        needed := 'payment_approver';
    ELSE
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = who AND m.side = 'federal' AND m.role = needed AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only a federal % does this with an appeal', needed
            USING ERRCODE = 'check_violation';
    END IF;
    IF asked = 'approver' AND EXISTS (
        SELECT FROM claims_decision d
        WHERE d.version_id = NEW.version_id AND d.user_id = who
            AND d.action IN ('endorse', 'approve_partly', 'deny')) THEN
        RAISE EXCEPTION 'nobody decides an appeal against their own decision'
            USING ERRCODE = 'unique_violation';
    END IF;
    SELECT part INTO held FROM claims_participant
        WHERE version_id = NEW.version_id AND user_id = who;
    IF held IS NULL THEN
        INSERT INTO claims_participant (version_id, user_id, part, since)
            VALUES (NEW.version_id, who, asked, coalesce(NEW.decided_at, NEW.proposed_at));
    ELSIF held <> asked OR (asked = 'reviewer' AND NOT EXISTS (
        SELECT FROM claims_appeal a
        WHERE a.version_id = NEW.version_id AND a.proposed_by_id = who)) THEN
        RAISE EXCEPTION 'this person is already the % of this version', held
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON claims_appeal
    FOR EACH ROW EXECUTE FUNCTION claims_guard_appeal();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_corrections")]

    operations = [
        migrations.RunSQL(
            APPEAL, "DROP TRIGGER guard ON claims_appeal; DROP FUNCTION claims_guard_appeal()"
        ),
    ]

"""The database's last word: parts are taken by doing something, and what was done stays as it was.

Until now a row written directly gave anybody any part, and whoever had worked for the agency could change
sides and decide. Now a part other than a preparer's follows from an act only; who acts has an account that
is not closed; who filed, answered or sent records for the agency judges nothing of the claim; and what an
appeal grants is given back and decided in the same transaction.
"""

from django.db import migrations, models

PARTICIPANT = """
CREATE FUNCTION claims_guard_participant() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    IF NEW.part <> 'preparer' OR NOT EXISTS (
        SELECT FROM claims_claimversion v
            JOIN claims_claim c ON c.id = v.claim_id
            JOIN accounts_membership m ON m.agency_id = c.agency_id AND m.user_id = NEW.user_id
        WHERE v.id = NEW.version_id) THEN
        RAISE EXCEPTION 'only people of the agency are noted as preparers; other parts follow from acts'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON claims_participant
    FOR EACH ROW EXECUTE FUNCTION claims_guard_participant();
"""

# The guard before notes the senders as preparers, and passes over those who have a part already.
SENDERS = """
CREATE FUNCTION claims_guard_senders() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    held text;
BEGIN
    SELECT p.part INTO held FROM claims_claim c
        JOIN claims_payrollbatch b ON b.agency_id = c.agency_id
            AND b.quarter = c.quarter AND b.state = 'accepted' AND NOT b.dry_run
        JOIN claims_participant p ON p.version_id = NEW.id AND p.user_id = b.uploaded_by_id
        WHERE c.id = NEW.claim_id AND p.part <> 'preparer' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'who sent payroll of this version is already the % of it', held
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guard_senders AFTER UPDATE ON claims_claimversion FOR EACH ROW
    WHEN (NEW.state = 'ready' AND OLD.state <> 'ready')
    EXECUTE FUNCTION claims_guard_senders();
"""

# Each trigger names the columns of its table that say who does something.
PEOPLE = """
CREATE FUNCTION claims_worked_for_agency(of_claim bigint, who bigint) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM claims_appeal a JOIN claims_claimversion v ON v.id = a.version_id
        WHERE v.claim_id = of_claim AND a.filed_by_id = who
    ) OR EXISTS (
        SELECT FROM claims_answer a
            JOIN claims_question q ON q.id = a.question_id
            JOIN claims_claimversion v ON v.id = q.version_id
        WHERE v.claim_id = of_claim AND a.author_id = who AND a.side = 'agency'
    ) OR EXISTS (
        SELECT FROM claims_evidence e WHERE e.claim_id = of_claim AND e.sent_by_id = who
    )
$$;

CREATE FUNCTION claims_guard_account() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    fresh CONSTANT jsonb := to_jsonb(NEW);
    before CONSTANT jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) END;
    step text;
BEGIN
    FOREACH step IN ARRAY TG_ARGV LOOP
        IF fresh ->> step IS DISTINCT FROM before ->> step AND EXISTS (
            SELECT FROM accounts_user u
            WHERE u.id = (fresh ->> step)::bigint AND NOT u.is_active) THEN
            RAISE EXCEPTION 'this account is closed' USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE FUNCTION claims_guard_side() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    fresh CONSTANT jsonb := to_jsonb(NEW);
    before CONSTANT jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) END;
    of_claim bigint := (fresh ->> 'claim_id')::bigint;
    step text;
BEGIN
    IF of_claim IS NULL THEN
        SELECT claim_id INTO of_claim FROM claims_claimversion
            WHERE id = (fresh ->> 'version_id')::bigint;
    END IF;
    FOREACH step IN ARRAY TG_ARGV LOOP
        IF fresh ->> step IS DISTINCT FROM before ->> step
            AND claims_worked_for_agency(of_claim, (fresh ->> step)::bigint) THEN
            RAISE EXCEPTION 'this person worked for the agency on this claim'
                USING ERRCODE = 'unique_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE TRIGGER account BEFORE INSERT ON claims_certification
    FOR EACH ROW EXECUTE FUNCTION claims_guard_account('user_id');
CREATE TRIGGER account BEFORE INSERT ON claims_decision
    FOR EACH ROW EXECUTE FUNCTION claims_guard_account('user_id');
CREATE TRIGGER account BEFORE INSERT OR UPDATE ON claims_appeal FOR EACH ROW
    EXECUTE FUNCTION claims_guard_account('filed_by_id', 'proposed_by_id', 'decided_by_id');
CREATE TRIGGER account BEFORE INSERT OR UPDATE ON claims_waiver FOR EACH ROW
    EXECUTE FUNCTION claims_guard_account('granted_by_id', 'revoked_by_id');
CREATE TRIGGER account BEFORE INSERT OR UPDATE ON claims_question FOR EACH ROW
    EXECUTE FUNCTION claims_guard_account('asked_by_id', 'closed_by_id');

CREATE TRIGGER guard_side BEFORE INSERT ON claims_decision FOR EACH ROW
    WHEN (NEW.action <> 'withdraw') EXECUTE FUNCTION claims_guard_side('user_id');
CREATE TRIGGER guard_side BEFORE INSERT OR UPDATE ON claims_appeal FOR EACH ROW
    EXECUTE FUNCTION claims_guard_side('proposed_by_id', 'decided_by_id');
CREATE TRIGGER guard_side BEFORE INSERT OR UPDATE ON claims_waiver FOR EACH ROW
    EXECUTE FUNCTION claims_guard_side('granted_by_id', 'revoked_by_id');
CREATE TRIGGER guard_side BEFORE INSERT OR UPDATE ON claims_question FOR EACH ROW
    EXECUTE FUNCTION claims_guard_side('asked_by_id', 'closed_by_id');

CREATE FUNCTION claims_guard_authors() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f JOIN accounts_user u ON u.id = f.author_id WHERE NOT u.is_active) THEN
        RAISE EXCEPTION 'this account is closed' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT version_id, author_id FROM fresh) AS f
            JOIN claims_claimversion v ON v.id = f.version_id
        WHERE claims_worked_for_agency(v.claim_id, f.author_id)) THEN
        RAISE EXCEPTION 'this person worked for the agency on this claim'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER account AFTER INSERT ON claims_adjustment REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION claims_guard_authors();
"""

QUESTION = """
CREATE FUNCTION claims_take_part_by_question() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.asked_by_id ELSE NEW.closed_by_id END;
    held text;
BEGIN
    IF NOT EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = who AND m.side = 'federal' AND m.role = 'reviewer'
            AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only a federal reviewer asks and closes questions'
            USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO claims_participant (version_id, user_id, part, since)
        VALUES (NEW.version_id, who, 'reviewer', coalesce(NEW.closed_at, NEW.asked_at))
        ON CONFLICT (version_id, user_id) DO NOTHING;
    SELECT part INTO held FROM claims_participant
        WHERE version_id = NEW.version_id AND user_id = who;
    IF held <> 'reviewer' THEN
        RAISE EXCEPTION 'this person is already the % of this version', held
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER take_part AFTER INSERT ON claims_question
    FOR EACH ROW EXECUTE FUNCTION claims_take_part_by_question();
CREATE TRIGGER take_part_closing AFTER UPDATE ON claims_question FOR EACH ROW
    WHEN (NEW.closed_by_id IS DISTINCT FROM OLD.closed_by_id)
    EXECUTE FUNCTION claims_take_part_by_question();
"""

LEDGER = """
CREATE FUNCTION claims_await_agency() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    -- Of two entries at once the second adds up what the first has left; the guard runs after this.
    PERFORM FROM accounts_agency WHERE id = NEW.agency_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER await_agency BEFORE INSERT ON claims_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION claims_await_agency();
"""

AMOUNTS = """
CREATE FUNCTION claims_guard_results() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM claims_claimversion
        WHERE calculation_id IN (SELECT calculation_id FROM fresh)) THEN
        RAISE EXCEPTION 'nobody is added to a calculation that a version stands on'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT ON claims_officerresult REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION claims_guard_results();

CREATE FUNCTION claims_guard_allowed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT k.total + coalesce((
                SELECT sum(amount) FROM claims_adjustment WHERE version_id = NEW.id), 0)
            BETWEEN 0 AND k.total
        FROM claims_calculation k WHERE k.id = NEW.calculation_id) IS NOT TRUE THEN
        RAISE EXCEPTION 'a claim allows no less than nothing and no more than its total'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_allowed BEFORE UPDATE ON claims_claimversion FOR EACH ROW
    WHEN (NEW.state <> OLD.state
        AND NEW.state IN ('recommended', 'approved', 'partly_approved', 'denied'))
    EXECUTE FUNCTION claims_guard_allowed();
"""

GRANT = """
CREATE FUNCTION claims_guard_grant() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM claims_adjustment WHERE appeal_id = NEW.id)
        OR NOT EXISTS (
            SELECT FROM claims_decision d
            WHERE d.version_id = NEW.version_id AND d.user_id = NEW.decided_by_id
                AND d.action IN ('grant_appeal', 'grant_appeal_partly')
                AND d.decided_at >= NEW.decided_at) THEN
        RAISE EXCEPTION 'what an appeal grants is given back and decided at once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER guard_grant AFTER UPDATE ON claims_appeal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.granted > 0 AND OLD.granted IS NULL)
    EXECUTE FUNCTION claims_guard_grant();
"""

KEEP = """
CREATE FUNCTION claims_guard_times() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    -- A first approval and an appeal granted in part are decisions that leave the state as it is.
    IF NEW.opened_at <> OLD.opened_at OR NOT EXISTS (
        SELECT FROM claims_decision d WHERE d.version_id = NEW.id
            AND d.decided_at > OLD.changed_at AND d.decided_at <= NEW.changed_at) THEN
        RAISE EXCEPTION 'a version changed when something was done to it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_times BEFORE UPDATE ON claims_claimversion FOR EACH ROW
    WHEN (NEW.opened_at <> OLD.opened_at
        OR NEW.changed_at <> OLD.changed_at AND (NEW.state, NEW.nil) = (OLD.state, OLD.nil))
    EXECUTE FUNCTION claims_guard_times();
CREATE TRIGGER keep_words BEFORE UPDATE ON claims_appeal FOR EACH ROW
    WHEN (NEW.token <> OLD.token OR NEW.proposal <> OLD.proposal
        AND NEW.proposed_by_id IS NOT DISTINCT FROM OLD.proposed_by_id)
    EXECUTE FUNCTION records_protect();
CREATE TRIGGER fix_grant BEFORE UPDATE ON claims_waiver FOR EACH ROW
    WHEN ((NEW.granted_at, NEW.token) <> (OLD.granted_at, OLD.token))
    EXECUTE FUNCTION records_protect();
CREATE TRIGGER keep_rows BEFORE DELETE ON claims_packet
    FOR EACH ROW EXECUTE FUNCTION records_protect();
CREATE TRIGGER keep_rows BEFORE DELETE ON claims_archive
    FOR EACH ROW EXECUTE FUNCTION records_protect();
"""

DROPPED = """
DROP TRIGGER guard ON claims_participant; DROP FUNCTION claims_guard_participant();
DROP TRIGGER guard_senders ON claims_claimversion; DROP FUNCTION claims_guard_senders();
DROP TRIGGER account ON claims_adjustment; DROP FUNCTION claims_guard_authors();
DROP FUNCTION claims_guard_account() CASCADE;
DROP FUNCTION claims_guard_side() CASCADE;
DROP FUNCTION claims_worked_for_agency(bigint, bigint);
DROP FUNCTION claims_take_part_by_question() CASCADE;
DROP TRIGGER await_agency ON claims_ledgerentry; DROP FUNCTION claims_await_agency();
DROP TRIGGER guard ON claims_officerresult; DROP FUNCTION claims_guard_results();
DROP TRIGGER guard_allowed ON claims_claimversion; DROP FUNCTION claims_guard_allowed();
DROP TRIGGER guard_grant ON claims_appeal; DROP FUNCTION claims_guard_grant();
DROP TRIGGER guard_times ON claims_claimversion; DROP FUNCTION claims_guard_times();
DROP TRIGGER keep_words ON claims_appeal;
DROP TRIGGER fix_grant ON claims_waiver;
DROP TRIGGER keep_rows ON claims_packet; DROP TRIGGER keep_rows ON claims_archive;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0015_waivers_of_records")]

    operations = [
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                name="decision_amounts", condition=models.Q(allowed__gte=0, approvers__gte=1)
            ),
        ),
        migrations.RunSQL(
            PARTICIPANT + SENDERS + PEOPLE + QUESTION + LEDGER + AMOUNTS + GRANT + KEEP, DROPPED
        ),
    ]

"""A nil claim says that there is nothing to claim, and is signed as such.

Whatever the code says, only a draft begins or ceases to say so; and no version that says so is readied or
submitted while an amount is calculated.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION claims_guard_nil() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.nil THEN
            RAISE EXCEPTION 'a claim version does not begin as a nil claim'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.nil <> OLD.nil AND (OLD.state <> 'draft' OR NEW.state <> 'draft') THEN
        RAISE EXCEPTION 'only a draft becomes a nil claim, or ceases to be one'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.nil AND NEW.state IN ('ready', 'submitted')
        AND (SELECT total FROM claims_calculation WHERE id = NEW.calculation_id)
            IS DISTINCT FROM 0 THEN
        RAISE EXCEPTION 'a nil claim has no amount' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_nil BEFORE INSERT OR UPDATE ON claims_claimversion
    FOR EACH ROW EXECUTE FUNCTION claims_guard_nil();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_sent_facts")]

    operations = [
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER guard_nil ON claims_claimversion; DROP FUNCTION claims_guard_nil()",
        )
    ]

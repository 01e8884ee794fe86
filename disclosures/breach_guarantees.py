"""SQL of breaches and of follow-up rows. Used by migrations alone; a change here needs a migration of its own."""

# A mistake is corrected once in each way, and a correction is not corrected again. Letters of Art. 19 follow, too: one
# disclosure has as many of them as data of it change.
FOLLOWING = """
CREATE UNIQUE INDEX one_follow_up_of_a_kind ON disclosures_disclosure (follows_id, what)
    WHERE what IN ('recalled', 'in_error');
CREATE FUNCTION fluxio_check_follow_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM disclosures_disclosure WHERE id = NEW.follows_id
        AND (what = 'disclosed' OR what = 'notified' AND NEW.what <> 'notified')) THEN
        RAISE EXCEPTION 'A correction follows a disclosure, no other correction'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_follows_what_was_disclosed',
                  TABLE = 'disclosures_disclosure';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_follows_what_was_disclosed BEFORE INSERT ON disclosures_disclosure
    FOR EACH ROW WHEN (NEW.follows_id IS NOT NULL) EXECUTE FUNCTION fluxio_check_follow_up();
"""
DROP_FOLLOWING = """
DROP TRIGGER correction_follows_what_was_disclosed ON disclosures_disclosure;
DROP FUNCTION fluxio_check_follow_up();
DROP INDEX one_follow_up_of_a_kind;
"""

# Open: changed, never deleted. Closed: neither; after five years it may be deleted, still not changed.
CLOSED = """
CREATE FUNCTION fluxio_keep_breach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.closed_at + interval '5 years' <= statement_timestamp() THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'A breach is kept for five years after it is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'A closed breach is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF ROW(NEW.id, NEW.at, NEW.user_key, NEW.user_email, NEW.program)
        IS DISTINCT FROM ROW(OLD.id, OLD.at, OLD.user_key, OLD.user_email, OLD.program) THEN
        RAISE EXCEPTION 'Who recorded a breach and when is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_is_kept BEFORE UPDATE OR DELETE ON disclosures_breach
    FOR EACH ROW EXECUTE FUNCTION fluxio_keep_breach();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON disclosures_breach
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER own_time BEFORE INSERT ON disclosures_breach
    FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();

CREATE FUNCTION fluxio_keep_breach_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT closed_at INTO closed FROM disclosures_breach WHERE id = OLD.breach_id;
        IF closed + interval '5 years' <= statement_timestamp() THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'A disclosure stays with its breach' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'A disclosure stays with its breach' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT closed_at INTO closed FROM disclosures_breach WHERE id = NEW.breach_id FOR SHARE;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'A closed breach is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goes_with_its_breach BEFORE INSERT OR UPDATE OR DELETE ON disclosures_breachdisclosure
    FOR EACH ROW EXECUTE FUNCTION fluxio_keep_breach_link();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON disclosures_breachdisclosure
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
"""
DROP_CLOSED = """
DROP TRIGGER kept_whole ON disclosures_breachdisclosure;
DROP TRIGGER goes_with_its_breach ON disclosures_breachdisclosure;
DROP FUNCTION fluxio_keep_breach_link();
DROP TRIGGER own_time ON disclosures_breach;
DROP TRIGGER kept_whole ON disclosures_breach;
DROP TRIGGER closed_is_kept ON disclosures_breach;
DROP FUNCTION fluxio_keep_breach();
"""

# Nothing has happened in the future; and what is another controller's is told to it before it is closed (Art. 33(2)).
# A minute for clocks that do not agree.
TIMES = """
CREATE FUNCTION fluxio_check_breach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF greatest(NEW.aware_at, NEW.controller_told_at, NEW.authority_notified_at, NEW.persons_notified_at, NEW.closed_at)
        > statement_timestamp() + interval '1 minute' THEN
        RAISE EXCEPTION 'Nothing of a breach is in the future'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_of_a_breach_is_in_the_future',
                  TABLE = 'disclosures_breach';
    END IF;
    IF NEW.closed_at IS NOT NULL AND NEW.controller_told_at IS NULL AND EXISTS (
        SELECT FROM registers_controller WHERE id = NEW.controller_id AND housing_company_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Another controller''s breach is told to it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_breach_was_told_to_its_controller',
                  TABLE = 'disclosures_breach';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER times_and_controller BEFORE INSERT OR UPDATE ON disclosures_breach
    FOR EACH ROW EXECUTE FUNCTION fluxio_check_breach();
"""
DROP_TIMES = """
DROP TRIGGER times_and_controller ON disclosures_breach;
DROP FUNCTION fluxio_check_breach();
"""

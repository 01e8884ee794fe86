"""SQL that Django's operations cannot say. Used by migrations alone; a change here needs a migration of its own."""

# The log of a case and the texts of letters are append-only; a request and its log go when their period has ended,
# or while the address was never confirmed.
LOGS = """
CREATE TRIGGER own_time BEFORE INSERT ON rights_requeststep FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();
CREATE TRIGGER own_time BEFORE INSERT ON rights_lettertemplate FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON rights_lettertemplate
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON rights_lettertemplate
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
CREATE FUNCTION fluxio_request_may_go(key bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(bool_and(
        r.state = 'unconfirmed' OR r.closed_at IS NOT NULL AND fluxio_is_ending('subject_requests', r.closed_at)
    ), true) FROM rights_subjectrequest r WHERE r.id = key
$$;
CREATE TRIGGER append_only BEFORE UPDATE ON rights_requeststep
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER ended_alone BEFORE DELETE ON rights_requeststep
    FOR EACH ROW WHEN (NOT fluxio_request_may_go(OLD.request_id)) EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON rights_requeststep
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER ended_alone BEFORE DELETE ON rights_subjectrequest
    FOR EACH ROW WHEN (NOT fluxio_request_may_go(OLD.id)) EXECUTE FUNCTION fluxio_refuse_change();
"""
DROP_LOGS = """
DROP TRIGGER ended_alone ON rights_subjectrequest;
DROP TRIGGER append_only_whole ON rights_requeststep;
DROP TRIGGER ended_alone ON rights_requeststep;
DROP TRIGGER append_only ON rights_requeststep;
DROP FUNCTION fluxio_request_may_go(bigint);
DROP TRIGGER append_only_whole ON rights_lettertemplate;
DROP TRIGGER append_only ON rights_lettertemplate;
DROP TRIGGER own_time ON rights_lettertemplate;
DROP TRIGGER own_time ON rights_requeststep;
"""

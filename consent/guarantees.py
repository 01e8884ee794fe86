"""SQL that Django's operations cannot say. Used by migrations alone; a change here needs a migration of its own."""

APPEND_ONLY_TABLES = (
    "consent_purpose",
    "consent_purposeversion",
    "consent_legalbasis",
    "consent_consentevent",
    "consent_objection",
    "consent_suppression",
    "consent_noticeversion",
)

TIMED_TABLES = [table for table in APPEND_ONLY_TABLES if table not in ("consent_purpose", "consent_legalbasis")]

# The time of a row of the log is PostgreSQL's, whatever the writer says.
OWN_TIME = """
CREATE FUNCTION fluxio_own_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at = statement_timestamp();
    RETURN NEW;
END $$;
""" + "\n".join(
    f"CREATE TRIGGER own_time BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();"
    for table in TIMED_TABLES
)
DROP_OWN_TIME = "\n".join(
    [*(f"DROP TRIGGER own_time ON {table};" for table in TIMED_TABLES), "DROP FUNCTION fluxio_own_time();"]
)

APPEND_ONLY = "\n".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
"""
    for table in APPEND_ONLY_TABLES
)
DROP_APPEND_ONLY = "\n".join(
    f"DROP TRIGGER append_only_whole ON {table}; DROP TRIGGER append_only ON {table};" for table in APPEND_ONLY_TABLES
)

# A version is whole when its transaction ends: nobody adds a basis to what was already decided.
WHOLE_VERSIONS = """
CREATE FUNCTION fluxio_refuse_late_basis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM consent_purposeversion WHERE id = NEW.version_id AND at >= transaction_timestamp()
    ) THEN
        RAISE EXCEPTION 'A legal basis comes with its version of the purpose' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comes_with_its_version BEFORE INSERT ON consent_legalbasis
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_late_basis();
"""
DROP_WHOLE_VERSIONS = """
DROP TRIGGER comes_with_its_version ON consent_legalbasis;
DROP FUNCTION fluxio_refuse_late_basis();
"""

# Nothing is processed without a legal basis (GDPR Art. 6): checked when the transaction ends.
BASES = """
CREATE FUNCTION fluxio_check_basis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM consent_legalbasis WHERE version_id = NEW.id) THEN
        RAISE EXCEPTION 'A purpose has a legal basis'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purpose_has_a_legal_basis',
                  TABLE = 'consent_purposeversion';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER purpose_has_a_legal_basis AFTER INSERT ON consent_purposeversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fluxio_check_basis();
"""
DROP_BASES = """
DROP TRIGGER purpose_has_a_legal_basis ON consent_purposeversion;
DROP FUNCTION fluxio_check_basis();
"""

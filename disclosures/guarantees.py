"""SQL that Django's operations cannot say. Used by migrations alone; a change here needs a migration of its own."""

TABLES = ("disclosures_disclosure", "disclosures_disclosedperson", "disclosures_seal")

APPEND_ONLY = "\n".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
"""
    for table in TABLES
)
DROP_APPEND_ONLY = "\n".join(
    f"DROP TRIGGER append_only_whole ON {table}; DROP TRIGGER append_only ON {table};" for table in TABLES
)

# The time of a record is PostgreSQL's; a record and its persons come together, nobody is added later.
WHOLE = """
CREATE TRIGGER own_time BEFORE INSERT ON disclosures_disclosure
    FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();
CREATE FUNCTION fluxio_refuse_late_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a LEFT JOIN disclosures_disclosure d ON d.id = a.disclosure_id
        WHERE d.at IS NULL OR d.at < transaction_timestamp()
    ) THEN
        RAISE EXCEPTION 'A person comes with the record of the disclosure' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER comes_with_its_record AFTER INSERT ON disclosures_disclosedperson
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_late_person();
"""
DROP_WHOLE = """
DROP TRIGGER comes_with_its_record ON disclosures_disclosedperson;
DROP FUNCTION fluxio_refuse_late_person();
DROP TRIGGER own_time ON disclosures_disclosure;
"""

"""SQL that Django's operations cannot say. Used by migrations alone; a change here needs a migration of its own."""

TABLES = ("retention_retentionrule", "retention_sweeplimits", "retention_sweepapproval", "retention_erasurerecord")
TIMED = ("retention_retentionrule", "retention_sweeplimits", "retention_sweepapproval")

APPEND_ONLY = "\n".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
"""
    for table in TABLES
) + "\n".join(
    f"CREATE TRIGGER own_time BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();"
    for table in TIMED
)
DROP_APPEND_ONLY = "\n".join(f"DROP TRIGGER own_time ON {table};" for table in TIMED) + "\n".join(
    f"DROP TRIGGER append_only_whole ON {table}; DROP TRIGGER append_only ON {table};" for table in TABLES
)

# Whoever reopens by UPDATE what holds a person (an open debt, say) takes this lock first: erasing asks under it.
LOCK_PERSON = """
CREATE FUNCTION fluxio_lock_person(person bigint) RETURNS void LANGUAGE sql AS $$
    SELECT 1 FROM registers_person WHERE id = person FOR NO KEY UPDATE
$$;
"""
DROP_LOCK_PERSON = "DROP FUNCTION fluxio_lock_person(bigint);"

# Of tables that came later.
STATISTICS = ("retention_buildingquarter", "retention_buildingyear")
STATISTICS_STAY = "\n".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER own_time BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();
"""
    for table in STATISTICS
)
DROP_STATISTICS_STAY = "\n".join(
    f"DROP TRIGGER own_time ON {table}; DROP TRIGGER append_only_whole ON {table}; DROP TRIGGER append_only ON {table};"
    for table in STATISTICS
)

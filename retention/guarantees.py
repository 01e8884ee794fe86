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

# Records that end by their own period: a row of `retention_recordsend` in the same transaction lets them go, and only
# those from before its day. Nothing else of the logs changes; an update is refused as ever.
RECORDS_END = """
CREATE FUNCTION fluxio_own_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction = pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER own_transaction BEFORE INSERT ON retention_recordsend
    FOR EACH ROW EXECUTE FUNCTION fluxio_own_transaction();
CREATE TRIGGER own_time BEFORE INSERT ON retention_recordsend FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON retention_recordsend
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON retention_recordsend
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
CREATE FUNCTION fluxio_is_ending(kind text, since timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM retention_recordsend e
        WHERE e.transaction = pg_current_xact_id_if_assigned()::text::bigint AND e.what = kind
        AND since < e.before::timestamp AT TIME ZONE 'Europe/Helsinki'
    )
$$;
"""
DROP_RECORDS_END = """
DROP FUNCTION fluxio_is_ending(text, timestamptz);
DROP TRIGGER append_only_whole ON retention_recordsend;
DROP TRIGGER append_only ON retention_recordsend;
DROP TRIGGER own_time ON retention_recordsend;
DROP TRIGGER own_transaction ON retention_recordsend;
DROP FUNCTION fluxio_own_transaction();
"""

# Free texts of logs, emptied when nobody has the key of their person any more: nothing else of the row may change.
ONLY_EMPTIES = """
CREATE FUNCTION fluxio_only_empties(was jsonb, becomes jsonb, text_column text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT becomes ->> text_column IN ('', '–') AND was - text_column = becomes - text_column
    AND NOT EXISTS (SELECT FROM registers_person p WHERE p.id = (was ->> 'person_key')::bigint)
    AND NOT EXISTS (SELECT FROM registers_formerkey k WHERE k.key = (was ->> 'person_key')::bigint)
$$;
"""
DROP_ONLY_EMPTIES = "DROP FUNCTION fluxio_only_empties(jsonb, jsonb, text);"

# table → (the text that is emptied, the kind as which its rows end, what refuses everything else)
DOORS = {
    "consent_consentevent": ("evidence", "consents", "fluxio_refuse_change"),
    "consent_objection": ("note", "", "fluxio_refuse_change"),
    "registers_accessentry": ("reason", "", "fluxio_refuse_change"),
    "disclosures_disclosurerequest": ("", "requests", "fluxio_refuse_unless_pruned"),
    "disclosures_approval": ("", "requests", "fluxio_refuse_unless_pruned"),
}


def _door(table: str, text: str, kind: str, refuse: str) -> str:
    emptied = f"WHEN (NOT fluxio_only_empties(to_jsonb(OLD), to_jsonb(NEW), '{text}')) " if text else ""
    ended = f"WHEN (NOT fluxio_is_ending('{kind}', OLD.at)) " if kind else ""
    return f"""
DROP TRIGGER append_only ON {table};
CREATE TRIGGER append_only BEFORE UPDATE ON {table} FOR EACH ROW {emptied}EXECUTE FUNCTION {refuse}();
CREATE TRIGGER append_only_ended BEFORE DELETE ON {table} FOR EACH ROW {ended}EXECUTE FUNCTION {refuse}();
"""


def _no_door(table: str, refuse: str) -> str:
    return f"""
DROP TRIGGER append_only_ended ON {table};
DROP TRIGGER append_only ON {table};
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {refuse}();
"""


REQUESTED_PERSON = ("disclosures_requestedperson", "", "requests", "fluxio_refuse_unless_pruned")
REQUESTED_ENDING, REQUESTED_STAYS = _door(*REQUESTED_PERSON), _no_door(REQUESTED_PERSON[0], REQUESTED_PERSON[3])
ENDING = "\n".join(_door(table, *door) for table, door in DOORS.items())
NOT_ENDING = "\n".join(_no_door(table, refuse) for table, (_text, _kind, refuse) in DOORS.items())

# A breach and its links go when the rule about closed breaches says so, no longer after a fixed number of years.
BREACHES = """
DROP TRIGGER closed_is_kept ON disclosures_breach;
CREATE TRIGGER closed_is_kept BEFORE UPDATE ON disclosures_breach
    FOR EACH ROW EXECUTE FUNCTION fluxio_keep_breach();
CREATE FUNCTION fluxio_refuse_early_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A closed breach is kept until the period of its retention rule has ended'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION fluxio_breach_closed(breach bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT closed_at FROM disclosures_breach WHERE id = breach
$$;
CREATE TRIGGER ended_alone BEFORE DELETE ON disclosures_breach
    FOR EACH ROW WHEN (OLD.closed_at IS NULL OR NOT fluxio_is_ending('breaches', OLD.closed_at))
    EXECUTE FUNCTION fluxio_refuse_early_end();
DROP TRIGGER goes_with_its_breach ON disclosures_breachdisclosure;
CREATE TRIGGER goes_with_its_breach BEFORE INSERT OR UPDATE ON disclosures_breachdisclosure
    FOR EACH ROW EXECUTE FUNCTION fluxio_keep_breach_link();
CREATE TRIGGER ended_alone BEFORE DELETE ON disclosures_breachdisclosure
    FOR EACH ROW WHEN (fluxio_is_ending('breaches', fluxio_breach_closed(OLD.breach_id)) IS NOT TRUE)
    EXECUTE FUNCTION fluxio_refuse_early_end();
"""
BREACHES_BY_YEARS = """
DROP TRIGGER ended_alone ON disclosures_breachdisclosure;
DROP TRIGGER goes_with_its_breach ON disclosures_breachdisclosure;
CREATE TRIGGER goes_with_its_breach BEFORE INSERT OR UPDATE OR DELETE ON disclosures_breachdisclosure
    FOR EACH ROW EXECUTE FUNCTION fluxio_keep_breach_link();
DROP TRIGGER ended_alone ON disclosures_breach;
DROP FUNCTION fluxio_breach_closed(bigint);
DROP FUNCTION fluxio_refuse_early_end();
DROP TRIGGER closed_is_kept ON disclosures_breach;
CREATE TRIGGER closed_is_kept BEFORE UPDATE OR DELETE ON disclosures_breach
    FOR EACH ROW EXECUTE FUNCTION fluxio_keep_breach();
"""

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

"""SQL that Django's operations cannot say. Used by migrations alone; a change here needs a migration of its own."""

TABLES = ("disclosures_disclosure", "disclosures_disclosedperson", "disclosures_seal")

LATER_TABLES = ("disclosures_disclosurerequest", "disclosures_approval", "disclosures_checkpoint")

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

# Later tables of the room.
APPEND_ONLY_TOO = "\n".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER own_time BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();
"""
    for table in LATER_TABLES
)
DROP_APPEND_ONLY_TOO = "\n".join(
    f"DROP TRIGGER own_time ON {table}; DROP TRIGGER append_only_whole ON {table}; DROP TRIGGER append_only ON {table};"
    for table in LATER_TABLES
)

# Deny by default: a protected or restricted person stands in a record only when two different persons approved that.
# The letter of Art. 19 may name the person to whoever has the name already.
APPROVED_BY_TWO = """
CREATE FUNCTION fluxio_refuse_unapproved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- From the few who are hindered (an index of their own) to the many who were told of.
    IF EXISTS (
        WITH hindered AS MATERIALIZED (
            SELECT id, is_protected, restricted_at FROM registers_person
            WHERE is_protected OR restricted_at IS NOT NULL
        )
        SELECT FROM added a
        JOIN hindered p ON p.id = a.person_key
        JOIN disclosures_disclosure d ON d.id = a.disclosure_id
        WHERE NOT (d.what = 'notified' AND a.fields <@ ARRAY['name']::varchar[])
        AND NOT EXISTS (
            SELECT FROM disclosures_disclosurerequest r WHERE r.id = d.request_id
            AND (r.kind, r.purpose_id) = (d.kind, d.purpose_id)
            AND (r.organisation_key, r.outside_id, r.company_key, r.user_key)
                IS NOT DISTINCT FROM (d.organisation_key, d.outside_id, d.company_key, d.user_key)
            AND (r.recipient_person_key IS NOT DISTINCT FROM d.recipient_person_key OR r.recipient_person_key IN (
                SELECT key FROM registers_formerkey WHERE person_id = d.recipient_person_key
            ))
            AND (r.person_key = p.id OR r.person_key IN (SELECT key FROM registers_formerkey WHERE person_id = p.id))
            AND a.fields <@ r.fields
            AND (NOT p.is_protected OR 'protected' = ANY (r.hindrances))
            AND (p.restricted_at IS NULL OR 'restricted' = ANY (r.hindrances))
            AND (SELECT count(DISTINCT w.user_key) FROM disclosures_approval w
                 WHERE w.request_id = r.id AND w.approved) >= 2
            AND NOT EXISTS (SELECT FROM disclosures_approval w WHERE w.request_id = r.id AND NOT w.approved)
        )
    ) THEN
        RAISE EXCEPTION 'Telling of this person needs the approval of two' USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'protected_people_are_told_of_with_two_approvals';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER needs_two_approvals AFTER INSERT ON disclosures_disclosedperson
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_unapproved();
"""
DROP_APPROVED_BY_TWO = """
DROP TRIGGER needs_two_approvals ON disclosures_disclosedperson;
DROP FUNCTION fluxio_refuse_unapproved();
"""

# Changes of the registers wait here for their notices (GDPR Art. 19), in the same transaction as the change itself, by
# whatever path it came. Whether something was told of it is asked later: a disclosure may be on its way just now.
CHANGES_SEEN = """
CREATE FUNCTION fluxio_see_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO disclosures_changeseen (entry, person_key, at, transaction)
    SELECT a.id, a.person_key, transaction_timestamp(), pg_current_xact_id()::text::bigint
    FROM added a JOIN django_content_type c ON c.id = a.content_type_id
    WHERE a.action IN (1, 2) AND c.app_label = 'registers'
    AND (a.person_key IS NOT NULL OR c.model IN ('apartment', 'sharegroup', 'sharerange'))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER seen_for_notices AFTER INSERT ON accounts_auditentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fluxio_see_changes();
"""
DROP_CHANGES_SEEN = """
DROP TRIGGER seen_for_notices ON accounts_auditentry;
DROP FUNCTION fluxio_see_changes();
"""

# The only way out of the log: a checkpoint over the row's place stands there first, signed (services/pruning.py).
# Approvals, requests, persons, records, seals go in this order: the places of each are read from those that follow.
PRUNING = """
CREATE FUNCTION fluxio_refuse_unless_pruned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF TG_TABLE_NAME = 'disclosures_disclosure' THEN
            SELECT number INTO place FROM disclosures_seal WHERE disclosure_id = OLD.id;
        ELSIF TG_TABLE_NAME = 'disclosures_disclosurerequest' THEN
            SELECT s.number INTO place FROM disclosures_seal s
            JOIN disclosures_disclosure d ON d.id = s.disclosure_id WHERE d.request_id = OLD.id;
        ELSIF TG_TABLE_NAME = 'disclosures_approval' THEN
            SELECT s.number INTO place FROM disclosures_seal s
            JOIN disclosures_disclosure d ON d.id = s.disclosure_id WHERE d.request_id = OLD.request_id;
        ELSE
            SELECT number INTO place FROM disclosures_seal WHERE disclosure_id = OLD.disclosure_id;
        END IF;
        IF EXISTS (SELECT FROM disclosures_checkpoint WHERE place BETWEEN first AND last) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
UNLESS_PRUNED, NEVER = (
    "\n".join(
        f"""
DROP TRIGGER append_only ON {table};
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();
"""
        for table in (*TABLES, "disclosures_disclosurerequest", "disclosures_approval")
    )
    for function in ("fluxio_refuse_unless_pruned", "fluxio_refuse_change")
)
DROP_PRUNING = "DROP FUNCTION fluxio_refuse_unless_pruned();"

# The check of WHOLE, asked once for each disclosure of a statement instead of once for each person.
LATE_ONCE = """
CREATE OR REPLACE FUNCTION fluxio_refuse_late_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT disclosure_id FROM added) a
        LEFT JOIN disclosures_disclosure d ON d.id = a.disclosure_id
        WHERE d.at IS NULL OR d.at < transaction_timestamp()
    ) THEN
        RAISE EXCEPTION 'A person comes with the record of the disclosure' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# Requests about the registers of a whole house name the hindered people in a table of their own.
REQUESTED = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON disclosures_requestedperson
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_unless_pruned();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON disclosures_requestedperson
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER own_time BEFORE INSERT ON disclosures_requestedperson
    FOR EACH ROW EXECUTE FUNCTION fluxio_own_time();
-- Whom the approvers read about; nobody is added to a request later.
CREATE FUNCTION fluxio_refuse_late_requested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT request_id FROM added) a
        LEFT JOIN disclosures_disclosurerequest r ON r.id = a.request_id
        WHERE r.at IS NULL OR r.at < transaction_timestamp() OR r.person_key IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A person comes with the request' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER comes_with_its_request AFTER INSERT ON disclosures_requestedperson
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_late_requested();
"""
DROP_REQUESTED = """
DROP TRIGGER comes_with_its_request ON disclosures_requestedperson;
DROP FUNCTION fluxio_refuse_late_requested();
DROP TRIGGER own_time ON disclosures_requestedperson;
DROP TRIGGER append_only_whole ON disclosures_requestedperson;
DROP TRIGGER append_only ON disclosures_requestedperson;
"""

# APPROVED_BY_TWO, also for the people of such a request, each with what stood when the approvers were asked.
_ABOUT_ONE = """\
            AND (r.person_key = p.id OR r.person_key IN (SELECT key FROM registers_formerkey WHERE person_id = p.id))
            AND a.fields <@ r.fields
            AND (NOT p.is_protected OR 'protected' = ANY (r.hindrances))
            AND (p.restricted_at IS NULL OR 'restricted' = ANY (r.hindrances))
"""
_ABOUT_ONE_OR_A_HOUSE = """\
            AND a.fields <@ r.fields
            AND EXISTS (
                SELECT FROM (
                    SELECT r.person_key AS key, r.hindrances WHERE r.person_key IS NOT NULL
                    UNION ALL
                    SELECT q.person_key, q.hindrances FROM disclosures_requestedperson q WHERE q.request_id = r.id
                ) asked
                WHERE (asked.key = p.id OR asked.key IN (SELECT key FROM registers_formerkey WHERE person_id = p.id))
                AND (NOT p.is_protected OR 'protected' = ANY (asked.hindrances))
                AND (p.restricted_at IS NULL OR 'restricted' = ANY (asked.hindrances))
            )
"""
_FUNCTION = APPROVED_BY_TWO[: APPROVED_BY_TWO.index("CREATE TRIGGER")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
APPROVED_OF_ONE = _FUNCTION
APPROVED_OF_A_HOUSE = _FUNCTION.replace(_ABOUT_ONE, _ABOUT_ONE_OR_A_HOUSE)

_PRUNING_AGAIN = PRUNING.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
PRUNING_BEFORE = _PRUNING_AGAIN
PRUNING_TOO = _PRUNING_AGAIN.replace(
    "TG_TABLE_NAME = 'disclosures_approval'", "TG_TABLE_NAME IN ('disclosures_approval', 'disclosures_requestedperson')"
)

# A restriction does not keep people's own data from themselves, when they ask (Art. 18(2): their consent). A
# non-disclosure order asks for two approvals all the same: whoever says to be the person might be who looks for them.
_TOLD_OF_NAMES = "WHERE NOT (d.what = 'notified' AND a.fields <@ ARRAY['name']::varchar[])\n"
_OR_OF_THEIR_OWN = """\
        AND NOT (d.kind = 'subject' AND d.recipient_person_key = p.id AND NOT p.is_protected
                 AND d.evidence ->> 'restriction_ground' = 'consent')
"""
APPROVED_OR_OWN = APPROVED_OF_A_HOUSE.replace(_TOLD_OF_NAMES, _TOLD_OF_NAMES + _OR_OF_THEIR_OWN)

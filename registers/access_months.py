"""SQL of the access log's partitions, one for each month in UTC. Used by migrations alone, as guarantees.py."""

# Rows that came to stand in the default partition are led to their month by copying them from the table that held them,
# which is dropped after that, in one transaction: nothing is deleted, and no trigger is switched off.
FUNCTIONS = """
CREATE FUNCTION fluxio_make_access_part(part text, bounds text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I PARTITION OF registers_accessentry %s', part, bounds);
    -- Triggers for rows come from the parent; those for statements do not.
    EXECUTE format('CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON %I
        FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change()', part);
END $$;

CREATE FUNCTION fluxio_make_access_months(today date, ahead int) RETURNS int LANGUAGE plpgsql
SET lock_timeout = '5s' AS $$
DECLARE
    missing date[];
    first date;
    strays boolean;
BEGIN
    SELECT array_agg(month ORDER BY month) INTO missing FROM (
        SELECT (date_trunc('month', today::timestamp) + n * interval '1 month')::date AS month
        FROM generate_series(0, ahead) AS n
        UNION
        SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date FROM registers_accessentry_default
    ) AS wanted
    WHERE to_regclass(to_char(month, '"registers_accessentry_"YYYY_MM')) IS NULL;
    IF missing IS NULL THEN
        RETURN 0;
    END IF;
    LOCK TABLE registers_accessentry IN ACCESS EXCLUSIVE MODE;
    strays := EXISTS (SELECT FROM registers_accessentry_default);
    IF strays THEN
        ALTER TABLE registers_accessentry DETACH PARTITION registers_accessentry_default;
    END IF;
    FOREACH first IN ARRAY missing LOOP
        PERFORM fluxio_make_access_part(
            to_char(first, '"registers_accessentry_"YYYY_MM'),
            format('FOR VALUES FROM (%L) TO (%L)',
                   first::timestamp AT TIME ZONE 'UTC', (first::timestamp + interval '1 month') AT TIME ZONE 'UTC'));
    END LOOP;
    IF strays THEN
        ALTER TABLE registers_accessentry_default RENAME TO registers_accessentry_strays;
        PERFORM fluxio_make_access_part('registers_accessentry_default', 'DEFAULT');
        INSERT INTO registers_accessentry SELECT * FROM registers_accessentry_strays;
        DROP TABLE registers_accessentry_strays;
    END IF;
    RETURN cardinality(missing);
END $$;

CREATE FUNCTION fluxio_end_access_months(before date) RETURNS int LANGUAGE plpgsql
SET lock_timeout = '5s' AS $$
DECLARE
    part name;
    ended int := 0;
BEGIN
    FOR part IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'registers_accessentry'::regclass AND relname ~ '_[0-9]{4}_[0-9]{2}$'
    LOOP
        IF to_date(right(part, 7), 'YYYY_MM') + interval '1 month' <= before THEN
            EXECUTE format('DROP TABLE %I', part);
            ended := ended + 1;
        END IF;
    END LOOP;
    RETURN ended;
END $$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION fluxio_end_access_months(date);
DROP FUNCTION fluxio_make_access_months(date, int);
DROP FUNCTION fluxio_make_access_part(text, text);
"""


def _rebuild(partitioning: str, key: str) -> str:
    """The table made anew under its old names, with its rows; what hangs on it is made again by the caller."""
    return f"""
CREATE TABLE registers_accessentry_new (LIKE registers_accessentry INCLUDING CONSTRAINTS INCLUDING IDENTITY)
    {partitioning};
ALTER TABLE registers_accessentry RENAME TO registers_accessentry_old;
ALTER TABLE registers_accessentry_new RENAME TO registers_accessentry;
{{parts}}
INSERT INTO registers_accessentry SELECT * FROM registers_accessentry_old;
SELECT setval(pg_get_serial_sequence('registers_accessentry', 'id'),
              coalesce((SELECT max(id) FROM registers_accessentry_old), 0) + 1, false);
DROP TABLE registers_accessentry_old;
ALTER SEQUENCE registers_accessentry_new_id_seq RENAME TO registers_accessentry_id_seq;
ALTER TABLE registers_accessentry ADD PRIMARY KEY ({key});
CREATE INDEX access_by_person ON registers_accessentry (person_key, at DESC);
CREATE INDEX access_by_time ON registers_accessentry (at DESC);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON registers_accessentry
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON registers_accessentry
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
"""  # noqa: S608  parts of this file alone


# PostgreSQL wants the key of the partitions in every unique key; `id` alone stays unique by its sequence.
PARTITION = _rebuild("PARTITION BY RANGE (at)", "id, at").format(
    parts="SELECT fluxio_make_access_part('registers_accessentry_default', 'DEFAULT');"
)
MAKE_MONTHS = "SELECT fluxio_make_access_months((now() AT TIME ZONE 'UTC')::date, 3);"
GATHER = _rebuild("", "id").format(parts="")

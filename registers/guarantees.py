"""SQL that Django's operations cannot say. Used by migrations alone; a change here needs a migration of its own."""

# ASCII, so that the keys sort the same under every locale: å ä ö come after z, as { | }; w sorts as v.
FUNCTIONS = r"""
CREATE FUNCTION fluxio_sort_key(last text, first text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(
        lower((coalesce(last, '') || ' ' || coalesce(first, '')) COLLATE pg_c_utf8),
        'wåäöæøéèêëáàâãíìîïóòôõúùûüýÿçñšžđð''',
        'v{|}|}eeeeaaaaiiiioooouuuyyycnszdd')
$$;

-- Lower case, no accents, letters and digits alone: how words are compared in a search.
CREATE FUNCTION fluxio_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        translate(
            lower(coalesce(value, '') COLLATE pg_c_utf8),
            'åäöæøéèêëáàâãíìîïóòôõúùûüýÿçñšžđð',
            'aaoaoeeeeaaaaiiiioooouuuuyycnszdd'),
        '[^[:alnum:]]+' COLLATE pg_c_utf8, ' ', 'g')
$$;

CREATE FUNCTION fluxio_words(VARIADIC texts text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(array_remove(
        string_to_array(public.fluxio_fold(array_to_string(texts, ' ')), ' '), ''))
$$;

-- Every word of the question is the beginning of a word that is looked for; nothing is found for no words.
CREATE FUNCTION fluxio_query(question text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN btrim(public.fluxio_fold(question)) = '' THEN ''::tsquery
           ELSE (replace(btrim(public.fluxio_fold(question)), ' ', ':* & ') || ':*')::tsquery END
$$;

-- "A 2" before "A 10": every number is filled up to eight digits.
CREATE FUNCTION fluxio_natural_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        regexp_replace(public.fluxio_sort_key(value, ''), '([0-9]+)', '00000000\1', 'g'),
        '0*([0-9]{8})', '\1', 'g')
$$;

CREATE FUNCTION fluxio_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE AGGREGATE fluxio_lcm(numeric) (SFUNC = lcm, STYPE = numeric, INITCOND = '1');
"""

DROP_FUNCTIONS = """
DROP AGGREGATE fluxio_lcm(numeric);
DROP FUNCTION fluxio_refuse_change();
DROP FUNCTION fluxio_natural_key(text);
DROP FUNCTION fluxio_query(text);
DROP FUNCTION fluxio_words(text[]);
DROP FUNCTION fluxio_fold(text);
DROP FUNCTION fluxio_sort_key(text, text);
"""

SAME_COMPANY = """
ALTER TABLE registers_apartment ADD CONSTRAINT apartment_is_of_its_buildings_company
    FOREIGN KEY (building_id, housing_company_id) REFERENCES registers_building (id, housing_company_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registers_sharegroup ADD CONSTRAINT share_group_is_of_its_apartments_company
    FOREIGN KEY (apartment_id, housing_company_id) REFERENCES registers_apartment (id, housing_company_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registers_sharerange ADD CONSTRAINT share_range_is_of_its_groups_company
    FOREIGN KEY (share_group_id, housing_company_id) REFERENCES registers_sharegroup (id, housing_company_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP_SAME_COMPANY = """
ALTER TABLE registers_sharerange DROP CONSTRAINT share_range_is_of_its_groups_company;
ALTER TABLE registers_sharegroup DROP CONSTRAINT share_group_is_of_its_apartments_company;
ALTER TABLE registers_apartment DROP CONSTRAINT apartment_is_of_its_buildings_company;
"""

# Checked once per statement over the groups that it touched. The groups are locked in a statement of their own, so that
# the check sees what another transaction committed meanwhile. The fractions are summed exactly, over their least common
# multiple: three thirds are one.
FRACTIONS = """
CREATE FUNCTION fluxio_check_fractions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    over bigint;
BEGIN
    PERFORM 1 FROM registers_sharegroup
        WHERE id IN (SELECT share_group_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    WITH owned AS (
        SELECT o.share_group_id, o.numerator::numeric AS n, o.denominator::numeric AS d,
               daterange(o.owned_from, o.owned_until, '[)') AS during
        FROM registers_ownership o
        WHERE o.share_group_id IN (SELECT share_group_id FROM changed)
    ), starts AS (
        SELECT DISTINCT share_group_id, coalesce(lower(during), '-infinity'::date) AS on_day
        FROM owned WHERE NOT isempty(during)
    ), sums AS (
        SELECT s.share_group_id, fluxio_lcm(o.d) AS whole, array_agg(o.n) AS ns, array_agg(o.d) AS ds
        FROM starts s JOIN owned o
            ON o.share_group_id = s.share_group_id AND o.during @> s.on_day
        GROUP BY s.share_group_id, s.on_day HAVING count(*) > 1
    )
    SELECT share_group_id INTO over FROM sums
        WHERE (SELECT sum(n * (whole / d)) FROM unnest(ns, ds) AS part(n, d)) > whole LIMIT 1;
    IF over IS NOT NULL THEN
        RAISE EXCEPTION 'The fractions of share group % exceed the whole', over
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fractions_do_not_exceed_the_whole',
                  TABLE = 'registers_ownership';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fractions_after_insert AFTER INSERT ON registers_ownership
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION fluxio_check_fractions();
CREATE TRIGGER fractions_after_update AFTER UPDATE ON registers_ownership
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION fluxio_check_fractions();
"""
DROP_FRACTIONS = """
DROP TRIGGER fractions_after_update ON registers_ownership;
DROP TRIGGER fractions_after_insert ON registers_ownership;
DROP FUNCTION fluxio_check_fractions();
"""

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON registers_accessentry
    FOR EACH ROW EXECUTE FUNCTION fluxio_refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON registers_accessentry
    FOR EACH STATEMENT EXECUTE FUNCTION fluxio_refuse_change();
"""
DROP_APPEND_ONLY = """
DROP TRIGGER append_only_whole ON registers_accessentry;
DROP TRIGGER append_only ON registers_accessentry;
"""

# An account outside the office is its person's alone: when the link goes, by whatever path, nothing of the account may
# stay that names them, or lets anybody in. The row itself stays for the keys that logs hold of it.
ACCOUNTS = """
CREATE FUNCTION fluxio_end_account() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text;
BEGIN
    FOREACH held IN ARRAY ARRAY[
        'account_emailaddress', 'mfa_authenticator', 'usersessions_usersession'
    ] LOOP
        IF to_regclass(held) IS NOT NULL THEN
            IF held = 'account_emailaddress' THEN
                DELETE FROM account_emailconfirmation WHERE email_address_id IN (
                    SELECT id FROM account_emailaddress WHERE user_id = OLD.user_id);
            END IF;
            EXECUTE format('DELETE FROM %I t USING accounts_user u
                WHERE t.user_id = u.id AND NOT u.is_staff AND u.id = $1', held) USING OLD.user_id;
        END IF;
    END LOOP;
    UPDATE accounts_user SET is_active = false, email = id || '@ended.invalid', name = '–', password = '!',
        last_login = NULL
    WHERE id = OLD.user_id AND NOT is_staff;
    RETURN NULL;
END $$;
CREATE TRIGGER account_ends_with_its_person AFTER DELETE ON registers_personaccount
    FOR EACH ROW EXECUTE FUNCTION fluxio_end_account();
"""
DROP_ACCOUNTS = """
DROP TRIGGER account_ends_with_its_person ON registers_personaccount;
DROP FUNCTION fluxio_end_account();
"""

# An account's address is that of its person in the register, however that was written; with the address go whatever was
# shown to be theirs by the one before: sessions, a password, confirmed addresses. Without an address, or where it is
# another account's, the account ends.
ACCOUNT_ADDRESSES = """
CREATE FUNCTION fluxio_account_address(key bigint, address text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    link record;
BEGIN
    FOR link IN
        SELECT a.id, a.user_id FROM registers_personaccount a JOIN accounts_user u ON u.id = a.user_id
        WHERE a.person_id = key AND NOT u.is_staff AND u.is_active AND lower(u.email) <> lower(address) ORDER BY a.id
    LOOP
        IF address = '' OR EXISTS (
            SELECT FROM accounts_user o WHERE lower(o.email) = lower(address) AND o.id <> link.user_id
        ) THEN
            DELETE FROM registers_personaccount WHERE id = link.id;
        ELSE
            UPDATE accounts_user SET email = lower(address), password = '!' || gen_random_uuid()
            WHERE id = link.user_id;
            DELETE FROM account_emailconfirmation c USING account_emailaddress e
            WHERE e.id = c.email_address_id AND e.user_id = link.user_id;
            DELETE FROM account_emailaddress WHERE user_id = link.user_id;
            DELETE FROM usersessions_usersession WHERE user_id = link.user_id;
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION fluxio_account_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM fluxio_account_address(NEW.id, NEW.email);
    RETURN NULL;
END $$;
CREATE TRIGGER account_follows_address AFTER UPDATE OF email ON registers_person
    FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION fluxio_account_follows();
CREATE FUNCTION fluxio_account_follows_merge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    address text;
BEGIN
    SELECT email INTO address FROM registers_person WHERE id = NEW.person_id;
    IF address <> '' THEN  -- without one it is taken over by the same merge
        PERFORM fluxio_account_address(NEW.person_id, address);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER account_follows_merge AFTER UPDATE OF person_id ON registers_personaccount
    FOR EACH ROW WHEN (OLD.person_id <> NEW.person_id) EXECUTE FUNCTION fluxio_account_follows_merge();
"""
DROP_ACCOUNT_ADDRESSES = """
DROP TRIGGER account_follows_merge ON registers_personaccount;
DROP FUNCTION fluxio_account_follows_merge();
DROP TRIGGER account_follows_address ON registers_person;
DROP FUNCTION fluxio_account_follows();
DROP FUNCTION fluxio_account_address(bigint, text);
"""

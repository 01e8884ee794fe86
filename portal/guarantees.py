"""The role of PostgreSQL in which the portal reads. Used by migrations alone; a change needs a migration of its own.

The role has SELECT on the columns of `COLUMNS` and nothing else, and sees the rows of its policies alone. Who asks, and
about which company, stands in settings of the transaction (`database.as_member`); whether that person has a seat
there today is asked of the registers, once per statement, by functions that run as their owner. Without a seat there is
no company, and no row.
"""

ROLE = "fluxio_portal"

# table → the columns that pages need. No identity codes, contact data, dates of birth, orders, restrictions, sources.
COLUMNS: dict[str, tuple[str, ...]] = {
    "registers_housingcompany": ("id", "name", "street_address", "postal_code", "post_office"),
    "registers_building": ("id", "housing_company_id", "name", "street_address", "postal_code", "post_office"),
    "registers_apartment": ("id", "housing_company_id", "building_id", "staircase", "number", "suffix", "kind"),
    "registers_person": ("id", "first_names", "last_name", "sort_key", "words"),
    "registers_residency": ("id", "person_id", "apartment_id", "role", "moved_in", "moved_out"),
    "registers_sharegroup": ("id", "housing_company_id", "name", "apartment_id", "sort_key"),
    "registers_sharerange": ("id", "housing_company_id", "share_group_id", "first", "last"),
    "registers_organisation": ("id", "name"),
    "registers_ownership": (
        "id", "share_group_id", "person_id", "organisation_id", "numerator", "denominator", "owned_from", "owned_until",
    ),
    "registers_controller": ("id", "name", "housing_company_id"),
    "consent_privacynotice": ("id", "controller_id", "register", "slug"),
    "consent_noticeversion": ("id", "notice_id", "number", "at"),
    "disclosures_disclosure": ("id", "at", "what", "kind", "channel", "recipient_person_key", "company_key"),
    "disclosures_artefact": ("id", "disclosure_id", "extension", "expires_at", "taken_at"),
}  # fmt: skip

# A role belongs to the whole server: other databases of it may make it at this very moment. Whoever may not make roles
# finds it made by the server's administrator (docs/operations.md).
MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        BEGIN
            CREATE ROLE {ROLE} NOLOGIN NOINHERIT;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    FOR attempt IN 1..20 LOOP
        EXIT WHEN pg_has_role(current_user, '{ROLE}', 'SET');
        BEGIN
            EXECUTE format('GRANT {ROLE} TO %I WITH INHERIT FALSE, SET TRUE', current_user);
        EXCEPTION WHEN internal_error OR unique_violation THEN  -- another database grants it at this moment
            PERFORM pg_sleep(0.05);
        END;
    END LOOP;
END $$;
"""

# Settings keep '' where a transaction before had set them: hence nullif.
_FIRST = """
CREATE FUNCTION fluxio_portal_today() RETURNS date LANGUAGE sql STABLE
RETURN (now() AT TIME ZONE 'Europe/Helsinki')::date;

CREATE FUNCTION fluxio_portal_person() RETURNS bigint LANGUAGE sql STABLE
RETURN nullif(current_setting('fluxio.portal_person', true), '')::bigint;

-- The companies in which this person has a seat today, as long as they are managed today.
CREATE FUNCTION fluxio_portal_companies(roles text[]) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(s.housing_company_id), '{}')
    FROM public.registers_boardseat s JOIN public.registers_housingcompany c ON c.id = s.housing_company_id
    WHERE s.person_id = public.fluxio_portal_person() AND s.role = ANY (roles)
    AND s.term_from <= public.fluxio_portal_today()
    AND (s.term_until IS NULL OR s.term_until > public.fluxio_portal_today())
    AND (c.managed_from IS NULL OR c.managed_from <= public.fluxio_portal_today())
    AND (c.managed_until IS NULL OR c.managed_until > public.fluxio_portal_today())
$$;

CREATE FUNCTION fluxio_portal_company() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT c FROM (SELECT nullif(current_setting('fluxio.portal_company', true), '')::bigint) AS asked(c)
    WHERE c = ANY (public.fluxio_portal_companies(ARRAY['chair', 'member', 'deputy', 'auditor']))
$$;

-- The company, for whoever may see who lives there.
CREATE FUNCTION fluxio_portal_house() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT c FROM (SELECT nullif(current_setting('fluxio.portal_company', true), '')::bigint) AS asked(c)
    WHERE c = ANY (public.fluxio_portal_companies(ARRAY['chair', 'member', 'deputy']))
$$;

-- Moves of the last year, none of them from before the company was managed here.
CREATE FUNCTION fluxio_portal_since() RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT greatest((public.fluxio_portal_today() - interval '12 months')::date, c.managed_from)
    FROM public.registers_housingcompany c WHERE c.id = public.fluxio_portal_house()
$$;

CREATE FUNCTION fluxio_portal_living() RETURNS SETOF public.registers_residency LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.* FROM public.registers_apartment a JOIN public.registers_residency r ON r.apartment_id = a.id
    WHERE a.housing_company_id = public.fluxio_portal_house()
    AND (r.moved_in IS NULL OR r.moved_in <= public.fluxio_portal_today())
    AND (r.moved_out IS NULL OR r.moved_out > public.fluxio_portal_since())
$$;

CREATE FUNCTION fluxio_portal_owning() RETURNS SETOF public.registers_ownership LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.* FROM public.registers_sharegroup g JOIN public.registers_ownership o ON o.share_group_id = g.id
    WHERE g.housing_company_id = public.fluxio_portal_company()
    AND (o.owned_from IS NULL OR o.owned_from <= public.fluxio_portal_today())
    AND (o.owned_until IS NULL OR o.owned_until > public.fluxio_portal_today())
$$;

"""
PEOPLE = """
-- Who may be named: neither people under a non-disclosure order nor those whose processing is restricted, nor whose
-- objection to the purpose was upheld.
CREATE OR REPLACE FUNCTION fluxio_portal_people() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(p.id), '{}') FROM public.registers_person p
    WHERE p.id = ANY (ARRAY(
        SELECT person_id FROM public.fluxio_portal_living()
        UNION SELECT person_id FROM public.fluxio_portal_owning() WHERE person_id IS NOT NULL
    ))
    AND NOT p.is_protected AND p.restricted_at IS NULL
    AND p.id <> ALL ((
        SELECT coalesce(string_to_array(nullif(current_setting('fluxio.portal_objected', true), ''), ','), '{}')
    )::bigint[])
$$;
"""
_MORE = """
CREATE FUNCTION fluxio_portal_organisations() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT organisation_id), '{}') FROM public.fluxio_portal_owning()
    WHERE organisation_id IS NOT NULL
$$;

-- How many people under a non-disclosure order live or own in the company today: a number, no home and no share.
CREATE FUNCTION fluxio_portal_protected(register text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM public.registers_person p
    WHERE p.is_protected AND p.restricted_at IS NULL AND p.id IN (
        SELECT person_id FROM public.fluxio_portal_living() WHERE register = 'residents'
        AND (moved_out IS NULL OR moved_out > public.fluxio_portal_today())
        UNION ALL
        SELECT person_id FROM public.fluxio_portal_owning() WHERE register = 'owners'
    )
$$;
"""
FUNCTIONS = _FIRST + PEOPLE + _MORE
_SIGNATURES = (
    "fluxio_portal_protected(text)", "fluxio_portal_organisations()", "fluxio_portal_people()",
    "fluxio_portal_owning()", "fluxio_portal_living()", "fluxio_portal_since()", "fluxio_portal_house()",
    "fluxio_portal_company()", "fluxio_portal_companies(text[])", "fluxio_portal_person()", "fluxio_portal_today()",
)  # fmt: skip
# Rows of registers as they are: for the other functions alone.
_INNER = ("fluxio_portal_owning()", "fluxio_portal_living()")

_COMPANY = "(SELECT fluxio_portal_company())"
_HOUSE = "(SELECT fluxio_portal_house())"
_PEOPLE = "ANY ((SELECT fluxio_portal_people())::bigint[])"
_TODAY = "(SELECT fluxio_portal_today())"

# Every condition is bound to the company by something that is known before the first row is read.
POLICIES: dict[str, str] = {
    "registers_housingcompany": (
        "id = ANY ((SELECT fluxio_portal_companies(ARRAY['chair', 'member', 'deputy', 'auditor']))::bigint[])"
    ),
    "registers_building": f"housing_company_id = {_COMPANY}",
    "registers_apartment": f"housing_company_id = {_COMPANY}",
    "registers_person": f"id = {_PEOPLE}",
    "registers_residency": (
        f"apartment_id = ANY (ARRAY(SELECT id FROM registers_apartment WHERE housing_company_id = {_HOUSE}))"
        f" AND person_id = {_PEOPLE} AND (moved_in IS NULL OR moved_in <= {_TODAY})"
        " AND (moved_out IS NULL OR moved_out > (SELECT fluxio_portal_since()))"
    ),
    "registers_sharegroup": f"housing_company_id = {_COMPANY}",
    "registers_sharerange": f"housing_company_id = {_COMPANY}",
    "registers_organisation": "id = ANY ((SELECT fluxio_portal_organisations())::bigint[])",
    "registers_ownership": (
        f"share_group_id = ANY (ARRAY(SELECT id FROM registers_sharegroup WHERE housing_company_id = {_COMPANY}))"
        f" AND (person_id IS NULL OR person_id = {_PEOPLE}) AND (owned_from IS NULL OR owned_from <= {_TODAY})"
        f" AND (owned_until IS NULL OR owned_until > {_TODAY})"
    ),
    # Published for everybody.
    "registers_controller": (
        f"{_COMPANY} IS NOT NULL AND (housing_company_id IS NULL OR housing_company_id = {_COMPANY})"
    ),
    "consent_privacynotice": "controller_id IN (SELECT id FROM registers_controller)",
    "consent_noticeversion": "notice_id IN (SELECT id FROM consent_privacynotice)",
    # What was made for this very member.
    "disclosures_disclosure": (
        f"kind = 'board' AND company_key = {_COMPANY} AND recipient_person_key = (SELECT fluxio_portal_person())"
    ),
    "disclosures_artefact": (
        "disclosure_id = ANY (ARRAY(SELECT id FROM disclosures_disclosure"
        f" WHERE recipient_person_key = (SELECT fluxio_portal_person()) AND company_key = {_COMPANY}))"
    ),
}


def grants() -> str:
    lines = [f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE};", f"GRANT USAGE ON SCHEMA public TO {ROLE};"]
    for table, columns in COLUMNS.items():
        lines += [
            f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {ROLE};",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"CREATE POLICY portal_reads ON {table} FOR SELECT TO {ROLE} USING ({POLICIES[table]});",
        ]
    for signature in _SIGNATURES:
        lines.append(f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC;")
        if signature not in _INNER:
            lines.append(f"GRANT EXECUTE ON FUNCTION {signature} TO {ROLE};")
    return "\n".join(lines)


def no_grants() -> str:
    lines = [
        f"DROP POLICY portal_reads ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
        for table in reversed(COLUMNS)
    ]
    return "\n".join([*lines, f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE};"])


DROP_FUNCTIONS = "\n".join(f"DROP FUNCTION {signature};" for signature in _SIGNATURES)

-- Roles, extensions and privileges of one portal database. Run by a superuser inside that database;
-- run again it changes nothing. Afterwards migrations run as portal_owner, the portal as portal_app.
-- Where logins need passwords: ALTER ROLE portal_owner PASSWORD '...'; the same for portal_app.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_owner') THEN
        CREATE ROLE portal_owner LOGIN CREATEDB;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN
        CREATE ROLE portal_app LOGIN;
        -- So that the owner may end the portal's sessions, before a restore or between tests.
        GRANT portal_app TO portal_owner;
    END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO portal_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO portal_app', current_database());
END
$$;

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;

-- What migrations create, the portal may read and write; on evidence UPDATE and DELETE are taken back
-- after every migrate (portal/records/privileges.py).
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO portal_app;

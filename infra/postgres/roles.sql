-- A schema per service and a role that owns it and may enter no other. May be run again.
--   crossline.services            the services, separated by spaces; all five where it is not set
--   crossline.secret              the administrator's password: a role's is the SHA-256 of this and the role's name
--   crossline.password_<service>  a password of its own for a role
-- Run by packages/servers, and by any client that can set these:
--   PGOPTIONS="-c crossline.secret=…" psql -f roles.sql
do $$
declare
  service text;
  role text;
  password text;
begin
  foreach service in array string_to_array(
    coalesce(nullif(current_setting('crossline.services', true), ''), 'intake timer routing notification auditor'), ' ')
  loop
    role := 'crossline_' || service;
    password := coalesce(
      nullif(current_setting('crossline.password_' || service, true), ''),
      encode(sha256(convert_to(coalesce(current_setting('crossline.secret', true), '') || role, 'UTF8')), 'hex'));
    if not exists (select from pg_roles where rolname = role) then
      execute format('create role %I', role);
    end if;
    execute format('alter role %I with login nosuperuser nocreatedb nocreaterole password %L', role, password);
    -- One who is not a superuser must be a member to give the schema away.
    if not pg_has_role(current_user, role, 'usage') then
      execute format('grant %I to current_user', role);
    end if;
    if not exists (select from pg_namespace where nspname = service) then
      execute format('create schema %I', service);
    end if;
    execute format('alter schema %I owner to %I', service, role);
    execute format('revoke all on schema %I from public', service);
  end loop;
end
$$;

-- Makes a schema for each service, and a role that owns this schema and may use no other schema. A client may run this
-- file repeatedly. The file reads these settings:
--
-- - crossline.services: the services, separated by spaces. The default is all seven services.
-- - crossline.secret: the superuser's password. A role's password is the SHA-256 of this secret and the role's name.
-- - crossline.password_<service>: a password for one role. Without this setting, the password of the role is calculated.
--
-- packages/servers runs this file. Any other client can run it with these settings:
--   PGOPTIONS="-c crossline.secret=…" psql -f roles.sql
do $$
declare
  service text;
  role text;
  password text;
begin
  foreach service in array string_to_array(
    coalesce(nullif(current_setting('crossline.services', true), ''), 'intake timer routing notification auditor insight console'), ' ')
  loop
    role := 'crossline_' || service;
    password := coalesce(
      nullif(current_setting('crossline.password_' || service, true), ''),
      encode(sha256(convert_to(coalesce(current_setting('crossline.secret', true), '') || role, 'UTF8')), 'hex'));
    if not exists (select from pg_roles where rolname = role) then
      execute format('create role %I', role);
    end if;
    execute format('alter role %I with login nosuperuser nocreatedb nocreaterole password %L', role, password);
    -- Only a superuser or a member of the role can make the role the owner of a schema.
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

-- What a line says, and the calendars that it pins: intake matches cases to lines, plans need-bys, and knows what is required.
-- Versions that were told before have neither; a new version of the line brings them.
alter table line add column document json;
alter table line add column calendars json;
-- Whether the newest version of a line asks for cases by itself.
alter table line add column matches boolean not null default false;

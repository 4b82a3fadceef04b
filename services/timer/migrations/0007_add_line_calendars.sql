-- The calendars that a line's version names, by that name, as routing pinned them.
alter table line add column calendars json;

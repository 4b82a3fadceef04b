-- The calendars that a line pins, by the names that its document gives them. Null: it was published without any, and its clocks in
-- hours of its own are unaudited, as they were.
alter table line add column calendars json;

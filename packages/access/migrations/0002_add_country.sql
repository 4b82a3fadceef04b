-- Under which country a carrier's telephone numbers are read (ISO 3166-1 alpha-2). Null: it has set none.
alter table party add column country text check (country ~ '^[A-Z]{2}$');

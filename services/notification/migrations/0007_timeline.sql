-- Notification adds a row at the first mark of a timeline. Notification refuses a subscription to a stepped timeline that has no
-- row.
create table timeline (
  id text primary key
);

comment on table timeline is 'Stepped timelines that exist';

-- A row is written at the first mark of a timeline. A subscription to a timeline without a row is refused.
create table timeline (
  id text primary key
);

comment on table timeline is 'Stepped timelines that exist';

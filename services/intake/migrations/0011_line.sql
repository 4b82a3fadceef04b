-- When intake chooses the line of a case, it reads these two columns and does not parse the document.
alter table line
  add column mode text not null generated always as (document ->> 'mode') stored,
  add column matches boolean not null generated always as (document -> 'match' is not null) stored;

comment on column line.matches is 'True: the line has a match condition';

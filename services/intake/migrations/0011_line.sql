-- Intake reads these two columns when it matches a case, so that it does not parse the document.
alter table line
  add column mode text not null generated always as (document ->> 'mode') stored,
  add column matches boolean not null generated always as (document -> 'match' is not null) stored;

comment on column line.matches is 'True: the line has a match condition';

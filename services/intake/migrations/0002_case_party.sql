-- A query for open cases, or for cases that changed after an instant, must not read all cases of a company. The column `over_at`
-- therefore separates the cases that are open for the company from its other cases. `over_at` changes only when a case ends or is
-- reopened, not with each event.
create table case_party (
  party text not null,
  timeline text not null,
  opened_at timestamptz not null,
  case_id text not null,
  as_of json,
  over_at timestamptz,
  primary key (party, timeline, opened_at, case_id)
);
create index case_party_open on case_party (party, timeline, opened_at, case_id) where over_at is null;
create index case_party_over on case_party (party, timeline, over_at) where over_at is not null;

comment on table case_party is 'The companies that may read a case: its carrier, and the vendors to which it has crossed';
comment on column case_party.as_of is 'The case as of the instant at which the vendor''s part ended, and that instant. Null: the party reads the current case';
comment on column case_party.over_at is 'The time of the last event of an ended case or of an ended view. Null: the case is open for the party';

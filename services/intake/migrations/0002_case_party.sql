-- Lists of open cases, and of those that were changed since an instant, must not read a company's whole history: `over_at` divides them.
-- It changes when a case ends or is reopened, and not with each event.
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

comment on table case_party is 'Which companies may read a case: its carrier, and the vendors that it crossed to';
comment on column case_party.as_of is 'The case at the end of a vendor''s last part, with that instant. Null: the party reads the case as it is';
comment on column case_party.over_at is 'The last event of an ended case, or of a vendor''s view. Null: the case goes on for the party';

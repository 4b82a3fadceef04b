-- The chain of a case's entries: rows from before have no hash; the chain begins with the next entry.
alter table entry add column previous text;
alter table entry add column hash text;
alter table entry add column attachment json;
alter table entry add column repeats json;
-- What was tried: SHA-256 of the step and its parameters, in hex. On which device, its case says.
alter table entry add column step_key text;
create index entry_step on entry (case_id, step_key) where step_key is not null;

-- Which cases a device or a customer has, by a hash that nobody can read it from.
create table case_identity (
  timeline text collate "C" not null,
  identity text collate "C" not null,
  carrier text not null,
  of_device boolean not null, -- and not of the customer alone
  case_id text collate "C" not null,
  primary key (timeline, identity, carrier, case_id)
);
create index case_identity_of_case on case_identity (case_id);

-- What a vendor's people were told about a device before its case crossed to them; joins when they accept it.
create table waiting_contact (
  contact_id text primary key,
  timeline text collate "C" not null,
  vendor text not null,
  identities text[] not null,
  contact json not null,
  created_at timestamptz not null default clock_timestamp()
);
create index waiting_contact_of_vendor on waiting_contact (vendor, timeline);

-- What was missing from cases when they were opened, where their line counts that; and what has become a problem of its channel.
create table missing_item (
  timeline text collate "C" not null,
  carrier text not null,
  kind text not null,
  channel text not null,
  item text not null,
  at timestamptz not null,
  case_id text collate "C" not null,
  primary key (timeline, carrier, kind, channel, item, at, case_id)
);
create table problem (
  problem_id text primary key,
  timeline text collate "C" not null,
  carrier text not null,
  kind text not null,
  channel text not null,
  item text not null,
  cases integer not null,
  opened_at timestamptz not null,
  case_id text not null, -- the one that tipped it
  unique (timeline, carrier, kind, channel, item)
);

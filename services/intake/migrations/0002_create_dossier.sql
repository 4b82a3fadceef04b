-- What hangs on a case. Contacts and entries are only ever added; they are numbered under the lock of their case. The
-- opening of a case is its contact number 1 and has no row of its own.
create table contact (
  case_id text not null,
  number integer not null,
  id text not null,
  at timestamptz not null,
  author json not null,
  channel text not null,
  direction text not null,
  content text not null,
  subject json,
  primary key (case_id, number)
);

create table handling (
  id text primary key,
  case_id text not null,
  number integer not null, -- the sequence of the event that began it
  party text not null,
  person text,
  channel text not null,
  started_at timestamptz not null,
  last_beat_at timestamptz not null,
  ended_at timestamptz
) with (fillfactor = 85);
create index handling_of_case on handling (case_id, number);

create table entry (
  case_id text not null,
  number integer not null,
  id text not null,
  at timestamptz not null,
  kind text not null,
  -- 'internal': for the author's party alone.
  audience text not null,
  author_party text not null,
  author json not null,
  by text not null,
  news boolean not null,
  text text,
  step json,
  fact json,
  subject json,
  -- SHA-256 of what a hypothesis, a fact or a step says: the same again is no news. Notes have none.
  digest bytea,
  primary key (case_id, number)
);
create index entry_digest on entry (case_id, digest) where digest is not null;

-- Rows are added under the lock of their case and never changed. A case has one shared chain, and one internal chain for each company.
-- Each chain numbers its own entries. A result page therefore costs the same in a long dossier as in a short one.
create table entry (
  case_id text not null,
  number integer not null,
  id text not null,
  at timestamptz not null,
  kind text not null,
  audience text not null,
  author_party text not null,
  author json not null,
  by text not null,
  news boolean not null,
  text text,
  step json,
  fact json,
  subject json,
  digest bytea,
  previous text,
  hash text,
  attachment json,
  repeats json,
  step_key text,
  words_of json,
  chain text collate "C" not null,
  place integer not null,
  primary key (case_id, chain, number)
);
create index entry_digest on entry (case_id, digest) where digest is not null;
create index entry_step on entry (case_id, step_key) where step_key is not null;

comment on table entry is 'The entries of a case''s dossier';
comment on column entry.number is 'The number of the entry in its chain, from 1';
comment on column entry.audience is '`internal`: only for the author''s company';
comment on column entry.digest is 'SHA-256 of a hypothesis, a fact or a tried step. A later entry with the same hash is a repetition and not news. Null: no later entry counts as a repetition of this entry';
comment on column entry.previous is 'The hash of the previous entry in the same chain. Null: the first entry';
comment on column entry.step_key is 'SHA-256 of a tried step and its parameters, in hex. The hash does not include the device, which is known from the case';
comment on column entry.words_of is 'The topic and sequence of the event that contains the text of this entry, for example a hand-off''s question';
comment on column entry.chain is '`*`: the shared chain. A company''s id: its internal chain';
comment on column entry.place is 'The sequence of the event that added the entry. This sequence orders the entries of all chains of the case';

-- Rows are only added, under the lock of their case. A case has a chain of entries that its companies share, and one of internal entries
-- for each company; each chain counts by itself, so that a page of a long dossier costs no more than one of a short one.
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
comment on column entry.number is 'The place in its chain, from 1';
comment on column entry.audience is '`internal`: for the author''s company alone';
comment on column entry.digest is 'SHA-256 of a hypothesis, a fact or a step: the same again is no news. Null: a note';
comment on column entry.previous is 'The hash of the entry before in the same chain. Null: the first';
comment on column entry.step_key is 'SHA-256 of a step and its parameters, in hex; its device stands in the case';
comment on column entry.words_of is 'The fact that the entry was said with, as topic and sequence: the words of a hand-off';
comment on column entry.chain is '`*`: the chain that all companies share; else the company whose internal entries these are';
comment on column entry.place is 'Sequence of the event: the order over all chains of the case';

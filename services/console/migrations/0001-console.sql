-- Records of a case are read by one process at a time, so `position` follows the order in which the console applied the case's records.
create table fact (
  position bigint generated always as identity,
  at timestamptz not null,
  sequence integer not null,
  case_id text collate "C" not null,
  topic text collate "C" not null,
  type text collate "C" not null,
  causes jsonb,
  data jsonb not null,
  primary key (case_id, topic, sequence)
);
comment on table fact is 'Every record of the case, hand-off and clock topics about a case: ids, instants, codes and numbers, without words';
comment on column fact.position is 'The order of the facts of one case, as the console applied them';
comment on column fact.causes is 'The causes of the record (ce_after)';

create table fact_words (
  sequence integer not null,
  case_id text collate "C" not null,
  topic text collate "C" not null,
  words jsonb not null,
  primary key (case_id, topic, sequence)
);
create index fact_words_of_titles on fact_words using gin (to_tsvector('simple', words ->> 'title')) where words ? 'title';
comment on table fact_words is 'The words and the personal data of a fact. An erasure empties the row, and the fact stays';

create table board_case (
  titled_by integer not null,
  case_id text collate "C" primary key,
  timeline text collate "C" not null,
  state jsonb not null
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
);
create index board_case_of_timeline on board_case (timeline, case_id) where timeline <> 'wall';
comment on table board_case is 'The case as the boards need it, with its clocks';
comment on column board_case.titled_by is 'The sequence on the case topic of the record that has the present title';

-- Each company has its own positions, so that a position reveals nothing about the cases of other companies.
create table company_head (
  position bigint not null,
  party text collate "C" primary key
) with (fillfactor = 50);
comment on table company_head is 'The last position of a company''s rows. A transaction holds the lock of this row until its commit, so rows become visible in the order of their positions';

create table board_row (
  position bigint not null,
  opened_at timestamptz not null,
  due_at timestamptz,
  own_due_at timestamptz,
  is_open boolean not null,
  is_gone boolean not null,
  party text collate "C" not null,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  content jsonb not null,
  primary key (party, case_id)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
);
create index board_row_of_stream on board_row (party, position);
create index board_row_of_board on board_row (party, timeline, due_at) where is_open and not is_gone;
create index board_row_of_case on board_row (case_id);
comment on table board_row is 'The row of a case on the board of one company';
comment on column board_row.position is 'The position of the last change, by which a stream continues';
comment on column board_row.is_gone is 'True: the company no longer reads the whole case, so the row left its board';
comment on column board_row.content is 'The row as JSON, without the title';

create table search_key (
  case_id text collate "C" not null,
  key text collate "C" not null,
  primary key (key, case_id)
);
create index search_key_of_case on search_key (case_id);
comment on table search_key is 'The numbers, persons and hashed identities by which a search finds a case';
comment on column search_key.key is '`number:` and a number in lower case, `person:` with the party and the person''s id, or `identity:` and a hash';

create table position (
  read_until timestamptz,
  partition smallint primary key
) with (fillfactor = 50);
comment on table position is 'How far the console has read each partition';
comment on column position.read_until is 'Every record that was on the topics before this instant is applied. Null: the console has not yet read the partition to its end';

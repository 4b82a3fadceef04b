-- The schema also has the tables of packages/{messaging,access,projection}/schema.sql.

-- The action log: the commands and reads of each company, numbered and chained. No row is ever changed or deleted
create table action (
  number bigint not null,
  at timestamp with time zone not null,
  party text collate "C" not null,
  source text collate "C" not null, -- The id of the event from which the row comes. A rebuild skips the sources that the log has
  operation text collate "C" not null,
  person text collate "C",
  case_id text collate "C",
  hash text collate "C" not null, -- The SHA-256 of the hash of the row before and of this row, which an export repeats
  content jsonb not null, -- The row without its hash, as responses have it
  constraint action_pkey primary key (party, number),
  constraint action_party_source_key unique (party, source)
);
create index action_of_case on action using btree (party, case_id, number) where (case_id is not null);
create index action_of_person on action using btree (party, person, number) where (person is not null);

-- The last row of each company's part. A transaction holds the lock of this row until its commit, so the numbers have no gaps
create table action_head (
  number bigint not null,
  party text collate "C" not null,
  hash text collate "C",
  constraint action_head_pkey primary key (party)
) with (
  fillfactor=50
);

-- The case as the boards need it, with its clocks
create table board_case (
  titled_by integer not null, -- The sequence on the case topic of the record that has the present title
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  state jsonb not null,
  constraint board_case_pkey primary key (case_id)
) with (
  autovacuum_analyze_scale_factor=0.02,
  autovacuum_analyze_threshold=1000,
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);
create index board_case_of_timeline on board_case using btree (timeline, case_id) where (timeline <> 'wall'::text);

-- The row of a case on the board of one company
create table board_row (
  "position" bigint not null, -- The position of the last change, by which a stream continues
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone,
  own_due_at timestamp with time zone,
  is_open boolean not null,
  is_gone boolean not null, -- True: the company no longer reads the whole case, so the row left its board
  party text collate "C" not null,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  content jsonb not null, -- The row as JSON, without the title
  constraint board_row_pkey primary key (party, case_id)
) with (
  autovacuum_analyze_scale_factor=0.02,
  autovacuum_analyze_threshold=1000,
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);
create index board_row_of_board on board_row using btree (party, timeline, due_at) where (is_open and (not is_gone));
create index board_row_of_case on board_row using btree (case_id);
create index board_row_of_stream on board_row using btree (party, "position");

-- The last position of a company's rows. A transaction holds the lock of this row until its commit, so rows become visible in the order of their positions
create table company_head (
  "position" bigint not null,
  party text collate "C" not null,
  constraint company_head_pkey primary key (party)
) with (
  fillfactor=50
);

-- Every record of the case, hand-off and clock topics about a case: ids, instants, codes and numbers, without words
create table fact (
  "position" bigint generated always as identity not null, -- The order of the facts of one case, as the console applied them
  at timestamp with time zone not null,
  sequence integer not null,
  case_id text collate "C" not null,
  topic text collate "C" not null,
  type text collate "C" not null,
  causes jsonb, -- The causes of the record (ce_after)
  data jsonb not null,
  constraint fact_pkey primary key (case_id, topic, sequence)
);
create index fact_of_promise on fact using btree (case_id) where (type = any (array['promise.made'::text, 'promise.delivered'::text, 'promise.withdrawn'::text]));
create index fact_of_the_day on fact using brin (at);

-- The words and the personal data of a fact. An erasure empties the row, and the fact stays
create table fact_words (
  sequence integer not null,
  case_id text collate "C" not null,
  topic text collate "C" not null,
  words jsonb not null,
  constraint fact_words_pkey primary key (case_id, topic, sequence)
);
create index fact_words_of_titles on fact_words using gin (to_tsvector('simple'::regconfig, (words ->> 'title'::text))) where (words ? 'title'::text);

-- The issuer of OpenID Connect at which the people of a party sign in
create table issuer (
  changed_at timestamp with time zone not null,
  party text collate "C" not null,
  issuer text not null,
  client_id text not null,
  client_secret text, -- Encrypted with INTERNAL_KEY (AES-256-GCM). Null if the issuer knows Crossline as a public client
  claims jsonb not null, -- The names of the claims for person and roles, the map of roles, and the requested scopes
  constraint issuer_pkey primary key (party)
);

-- How far the console has read each partition
create table position (
  read_until timestamp with time zone, -- Every record that was on the topics before this instant is applied. Null: the console has not yet read the partition to its end
  partition smallint not null,
  constraint position_pkey primary key (partition)
) with (
  fillfactor=50
);

-- The saved views of the companies, which all people of a company share
create table saved_view (
  saved_at timestamp with time zone not null,
  party text collate "C" not null,
  name text collate "C" not null,
  query jsonb not null, -- The parameters of the query of a board
  constraint saved_view_pkey primary key (party, name)
);

-- The numbers, persons and hashed identities by which a search finds a case
create table search_key (
  case_id text collate "C" not null,
  key text collate "C" not null, -- `number:` and a number in lower case, `person:` with the party and the person's id, or `identity:` and a hash
  constraint search_key_pkey primary key (key, case_id)
);
create index search_key_of_case on search_key using btree (case_id);

-- The open sessions of signed-in people. On no topic, so a rebuild leaves the table as it is
create table session (
  opened_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  id text collate "C" not null,
  hash text collate "C" not null, -- The SHA-256 of the cookie, which only the browser has
  party text collate "C" not null,
  person text collate "C" not null,
  roles text collate "C" not null, -- The roles of the person, separated by commas
  subject text collate "C", -- The person as the issuer of OpenID Connect names it (sub). Null after a sign-in by a link
  issuer_session text collate "C", -- The session of the issuer (sid), for a back-channel logout
  constraint session_pkey primary key (id),
  constraint session_hash_key unique (hash)
);
create index session_of_expiry on session using btree (expires_at);
create index session_of_person on session using btree (party, person, opened_at);

-- The browsers that are at their issuer. The callback deletes the row, so a state works once
create table sign_in (
  expires_at timestamp with time zone not null,
  state_hash text collate "C" not null, -- The SHA-256 of the state
  party text collate "C" not null,
  nonce text not null,
  verifier text not null, -- The code verifier of PKCE (RFC 7636), encrypted with INTERNAL_KEY
  return_to text not null,
  constraint sign_in_pkey primary key (state_hash)
);
create index sign_in_of_expiry on sign_in using btree (expires_at);
create index sign_in_of_party on sign_in using btree (party, expires_at);

-- The sign-in links that no browser has used. The first use deletes a link
create table sign_in_link (
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  hash text collate "C" not null, -- The SHA-256 of the token in the link
  party text collate "C" not null,
  person text collate "C" not null,
  roles text collate "C" not null,
  constraint sign_in_link_pkey primary key (hash)
);
create index sign_in_link_of_party on sign_in_link using btree (party, expires_at);

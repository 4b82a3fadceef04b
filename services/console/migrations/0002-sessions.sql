create table session (
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  id text collate "C" primary key,
  hash text collate "C" not null unique,
  party text collate "C" not null,
  person text collate "C" not null,
  roles text collate "C" not null,
  subject text collate "C",
  issuer_session text collate "C"
);
create index session_of_person on session (party, person, opened_at);
create index session_of_expiry on session (expires_at);
comment on table session is 'The open sessions of signed-in people. On no topic, so a rebuild leaves the table as it is';
comment on column session.hash is 'The SHA-256 of the cookie, which only the browser has';
comment on column session.roles is 'The roles of the person, separated by commas';
comment on column session.subject is 'The person as the issuer of OpenID Connect names it (sub). Null after a sign-in by a link';
comment on column session.issuer_session is 'The session of the issuer (sid), for a back-channel logout';

create table sign_in_link (
  created_at timestamptz not null,
  expires_at timestamptz not null,
  hash text collate "C" primary key,
  party text collate "C" not null,
  person text collate "C" not null,
  roles text collate "C" not null
);
create index sign_in_link_of_party on sign_in_link (party, expires_at);
comment on table sign_in_link is 'The sign-in links that no browser has used. The first use deletes a link';
comment on column sign_in_link.hash is 'The SHA-256 of the token in the link';

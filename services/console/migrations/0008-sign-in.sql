-- A browser is at the issuer between two requests, and another process can serve the second one. So the state is a row.
create table sign_in (
  expires_at timestamptz not null,
  state_hash text collate "C" primary key,
  party text collate "C" not null,
  nonce text not null,
  verifier text not null,
  return_to text not null
);
create index sign_in_of_party on sign_in (party, expires_at);
create index sign_in_of_expiry on sign_in (expires_at);
comment on table sign_in is 'The browsers that are at their issuer. The callback deletes the row, so a state works once';
comment on column sign_in.state_hash is 'The SHA-256 of the state';
comment on column sign_in.verifier is 'The code verifier of PKCE (RFC 7636), encrypted with INTERNAL_KEY';

-- The operator writes the issuers, and no topic has them, because a row has a secret. A rebuild keeps them.
create table issuer (
  changed_at timestamptz not null,
  party text collate "C" primary key,
  issuer text not null,
  client_id text not null,
  client_secret text,
  claims jsonb not null
);
comment on table issuer is 'The issuer of OpenID Connect at which the people of a party sign in';
comment on column issuer.client_secret is 'Encrypted with INTERNAL_KEY (AES-256-GCM). Null if the issuer knows Crossline as a public client';
comment on column issuer.claims is 'The names of the claims for person and roles, the map of roles, and the requested scopes';

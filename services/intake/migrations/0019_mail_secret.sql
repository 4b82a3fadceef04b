-- Every replica of intake signs the tokens in mail addresses with the same secret, so the secret is in a row.
create table mail_secret (
  place integer primary key default 1 check (place = 1),
  secret text not null
);

comment on table mail_secret is 'The secret with which intake signs the reply tokens and bounce addresses of this installation';

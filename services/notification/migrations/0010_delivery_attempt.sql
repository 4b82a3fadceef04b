-- An attempt has either a status or an error.
create table delivery_attempt (
  delivery_id text not null references delivery on delete cascade,
  number integer not null,
  attempted_at timestamptz not null,
  duration_ms integer not null,
  status integer,
  error text,
  primary key (delivery_id, number),
  check ((status is null) <> (error is null))
);

comment on table delivery_attempt is 'Each attempt to send a delivery';
comment on column delivery_attempt.status is 'The receiver''s HTTP or SMTP status';
comment on column delivery_attempt.error is 'The error of an attempt without a status';

-- A vendor reads a case as of the end of its part. So the report of a vendor shows the device as it was at the end of the hand-off, and
-- no later correction. Corrections are rare, so the table has the values before each of them, and no row for other cases.
create table former_device (
  corrected_at timestamptz not null,
  sequence integer not null,
  case_id text collate "C" not null,
  model text collate "C",
  os text collate "C",
  os_version text collate "C",
  symptom text collate "C",
  primary key (case_id, sequence)
);

comment on table former_device is 'The device and the symptom of a case before a correction or merge changed them';
comment on column former_device.corrected_at is 'The case had these values before this instant, and not from it on';

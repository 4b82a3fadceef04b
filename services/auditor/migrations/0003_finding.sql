-- The audit topic contains every finding. This table contains the last 100,000 findings, for GET /internal/audit/findings.
create table finding (
  id bigint generated always as identity primary key,
  found_at timestamptz not null,
  kind text not null,
  case_id text not null,
  timeline text not null,
  data json not null
);

comment on table finding is 'Findings, the newest last';

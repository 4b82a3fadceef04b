-- The cases of a problem are rows and not part of its state, so that the opening of a case locks no problem. The counts of a problem are
-- counts of these rows.
create table problem_case (
  problem_id text not null,
  role text not null,
  case_id text collate "C" not null,
  at timestamptz not null,
  outcome text,
  primary key (problem_id, role, case_id)
);

comment on table problem_case is 'The cases that belong to a problem, and the cases that got the workaround of its known error';
comment on column problem_case.role is 'linked: the case belongs to the problem. offered: the case got the workaround';
comment on column problem_case.outcome is 'worked or failed: the last outcome of the workaround in this case';

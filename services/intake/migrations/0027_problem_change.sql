-- The history of a problem. The rows are the problem's events, because the topic does not keep every event.
create table problem_change (
  problem_id text not null,
  sequence integer not null,
  at timestamptz not null,
  type text not null,
  data json not null,
  primary key (problem_id, sequence)
);

comment on table problem_change is 'The events of problems: problem.changed and problem.overdue';

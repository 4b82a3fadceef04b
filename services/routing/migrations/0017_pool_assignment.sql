-- Routing derives the rows from the state of a case, and saves both in one transaction. No rule reads the rows. The table serves
-- people, who list the assignments of their pools, and carriers, who read the history of a case.
create table pool_assignment (
  assignment_id text collate "C" primary key,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  party text not null,
  pool text not null,
  mode text not null,
  step smallint not null,
  attempt smallint not null,
  reason text not null,
  cause json,
  phase text not null check (phase in ('assigned', 'claimed', 'released', 'lapsed')),
  assigned_at timestamptz not null,
  accept_by timestamptz,
  claimed_at timestamptz,
  claimed_by text,
  lease_until timestamptz,
  ended_at timestamptz,
  ended_reason text,
  check ((ended_at is null) = (phase in ('assigned', 'claimed')))
) with (fillfactor = 80);

-- A case has at most one open assignment, even if the code has a bug.
create unique index pool_assignment_open_of_case on pool_assignment (case_id) where ended_at is null;
create index pool_assignment_of_case on pool_assignment (case_id, assigned_at);
-- Serves the list of a pool, which begins with the oldest assignment.
create index pool_assignment_open_of_pool on pool_assignment (party, timeline, pool, assigned_at, assignment_id)
  where ended_at is null;

comment on table pool_assignment is 'All assignments to pools, open and ended, with phase and times';
comment on column pool_assignment.cause is 'The clock or trigger that caused the assignment, with the person who lacks the skill';
comment on column pool_assignment.claimed_at is 'The instant of the latest claim';
comment on column pool_assignment.lease_until is 'Set while the assignment is claimed';
comment on column pool_assignment.ended_reason is 'The reason of a release';

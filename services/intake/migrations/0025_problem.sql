-- Problems have owners, statuses and a clock. The rules read and write the state as a whole, so it is one JSON column, as the state of a
-- case is. The other columns are those that queries search.
alter table problem
  add column status text not null default 'new',
  add column scope_key text,
  add column ended_at timestamptz,
  add column state jsonb;

-- The investigation of a problem of an earlier version begins now, so that no upgrade makes an investigation late.
update problem set
  scope_key = concat_ws(E'\n', 'missing-item', kind, channel, item),
  state = jsonb_build_object(
    'id', problem_id, 'timeline', timeline, 'carrier', carrier,
    'title', 'Cases of the channel ' || channel || ' lack ' || item,
    'scope', jsonb_build_object('is', 'missing-item', 'kind', kind, 'channel', channel, 'item', item),
    'source', 'missing-item', 'status', 'new', 'caseId', case_id, 'cases', cases, 'sequence', 0,
    'openedAt', floor(extract(epoch from opened_at) * 1000), 'lastEventAt', floor(extract(epoch from opened_at) * 1000),
    'investigation', jsonb_build_object(
      'incarnation', 1, 'withinMs', 864000000, 'overdue', false, 'runs', true,
      'dueAt', floor(extract(epoch from case timeline when 'wall' then now() else opened_at end) * 1000) + 864000000
    )
  );

insert into task (timeline, subject, due_at, body)
select timeline, problem_id, to_timestamp((state->'investigation'->>'dueAt')::numeric / 1000),
  '{"does": "problem", "event": {"type": "deadline", "incarnation": 1}}'::jsonb || jsonb_build_object('problemId', problem_id)
from problem;

alter table problem alter column state set not null, alter column status drop default;
alter table problem drop column kind, drop column channel, drop column item, drop column cases, drop column case_id;

-- A scope has at most one open problem. When two concurrent cases reach the limit, only one of them can therefore open the problem.
create unique index problem_open_scope on problem (carrier, timeline, scope_key) where status not in ('closed', 'cancelled');

-- Finds the known errors at the opening of a case. For a carrier without known errors, the index has no row to read.
create index problem_known_error on problem (carrier) where status = 'known-error';

create index problem_of_carrier on problem (carrier, timeline, opened_at desc, problem_id);

comment on table problem is 'Problems: causes that several cases share';
comment on column problem.scope_key is 'The scope as text (scopeKey); null: only linked cases belong to the problem';
comment on column problem.ended_at is 'The last instant at which the problem was closed or cancelled. Counts of a scope begin after it';
comment on column problem.state is 'The state of the problem (ProblemState)';

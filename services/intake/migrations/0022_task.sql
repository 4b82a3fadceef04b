-- A task is a command that intake decided in one transaction and runs in another. The transaction of the decision stores the task, and
-- the transaction of the command deletes it. So a crash between the two neither loses nor repeats the command.
create table task (
  place bigint primary key generated always as identity,
  timeline text not null,
  subject text not null,
  due_at timestamptz,
  body jsonb not null,
  failures integer not null default 0,
  retry_at timestamptz
);

-- Finds the tasks of a timeline that are due
create index task_due on task (timeline, due_at nulls first);

-- Finds the earlier tasks of a subject
create index task_of_subject on task (subject, place);

comment on table task is 'Commands that intake has decided and not yet run';
comment on column task.subject is 'The id of the case, change, incident or problem. Tasks of one subject run in their order';
comment on column task.due_at is 'Null: the task is due at once';
comment on column task.body is 'The task (IntakeTask)';
comment on column task.retry_at is 'Present after a failure: the task and the later tasks of its subject wait until this instant';

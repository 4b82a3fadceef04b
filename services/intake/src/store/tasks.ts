import type { Instant } from "@crossline/contracts";
import type { DueTask, IntakeTask } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** A task that is due. On the wall timeline `at` is now, and on a stepped timeline it is the mark. */
export type StoredTask = {
  readonly place: number;
  readonly timeline: string;
  readonly subject: string;
  readonly task: IntakeTask;
  readonly at: Instant;
};

/** Inserts tasks in their order. The caller inserts them in the transaction that decided them. */
export async function insertTasks(tx: Tx, tasks: readonly DueTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await tx.query({
    text: `
      -- task.insert
      insert into task (timeline, subject, due_at, body)
      select timeline, subject, due_at, body
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::jsonb[])
        with ordinality as t (timeline, subject, due_at, body, position)
      order by position`,
    values: [
      tasks.map(({ timeline }) => timeline),
      tasks.map(({ subject }) => subject),
      tasks.map(({ dueAt }) => (dueAt === undefined ? null : toSql(dueAt))),
      tasks.map(({ task }) => JSON.stringify(task)),
    ],
  });
}

/**
 * Takes the right to run tasks until the transaction ends. Only one transaction of all replicas has this right, so that the tasks of a
 * subject run in their order. Returns false if another transaction has the right.
 */
export async function tryLockTasks(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }>({
    text: `
      -- task.try-lock
      select pg_try_advisory_xact_lock(hashtext('crossline.intake.task')) as locked`,
    values: [],
  });
  return row?.locked === true;
}

/**
 * Returns the task that has been due for the longest time, or undefined. A task is due if its instant is before now, as a deadline is. A
 * task without an instant is due at once. A task waits while an earlier task of its subject is due.
 */
export async function findDueTask(tx: Tx): Promise<StoredTask | undefined> {
  const [row] = await tx.query<StoredTask>({
    text: `
      -- task.find-due
      with due as (
        select t.place, t.timeline, t.subject, t.due_at, t.retry_at, coalesce(l.mark, now()) as at,
          min(t.place) over (partition by t.subject) as first
        from task t left join timeline l on l.id = t.timeline
        where t.due_at is null or t.due_at < coalesce(l.mark, now())
      )
      select place::float8 as place, timeline, subject, (select body from task where place = due.place) as task, at
      from due
      where place = first and (retry_at is null or retry_at <= now())
      order by due_at nulls first, place limit 1`,
    values: [],
  });
  return row;
}

/** Deletes a task. The caller deletes it in the transaction that runs it. */
export async function deleteTask(tx: Tx, place: number): Promise<void> {
  await tx.query({
    text: `
      -- task.delete
      delete from task where place = $1`,
    values: [place],
  });
}

/** Deletes the tasks of a subject that are due at an instant, for example the deadlines of a change that was withdrawn. */
export async function deleteDatedTasks(tx: Tx, subject: string): Promise<void> {
  await tx.query({
    text: `
      -- task.delete-dated
      delete from task where subject = $1 and due_at is not null`,
    values: [subject],
  });
}

/** Delays a task that failed: 1 s after the first failure, and at most a minute after later failures. */
export async function delayTask(tx: Tx, place: number): Promise<void> {
  await tx.query({
    text: `
      -- task.delay
      update task set failures = failures + 1, retry_at = now() + least(60, power(2, failures)) * interval '1 second'
      where place = $1`,
    values: [place],
  });
}

/** The tasks of a stepped timeline: the number that is due, and the earliest instant of the others. */
export type TaskReport = { readonly waiting: number; readonly earliestDue: Instant | undefined };

/** Counts the tasks of a stepped timeline that are due at its mark, and finds the earliest instant of the others. */
export async function reportTasks(tx: Tx, timeline: string): Promise<TaskReport> {
  const [row] = await tx.query<{ waiting: number; earliest: Instant | null }>({
    name: "task.report",
    text: `
      -- task.report
      select count(*) filter (where t.due_at is null or t.due_at < l.mark) as waiting,
        min(t.due_at) filter (where t.due_at >= l.mark) as earliest
      from task t join timeline l on l.id = t.timeline where t.timeline = $1`,
    values: [timeline],
  });
  return { waiting: row?.waiting ?? 0, earliestDue: row?.earliest ?? undefined };
}

/** `ms` are the milliseconds until the next deadline or retry of the wall timeline; undefined if no task has one. */
export type NextTask = { readonly isDue: boolean; readonly ms: number | undefined };

/**
 * Returns whether a task is due, with the wait for the next one. Unlike `findDueTask` it needs no transaction and no lock. An idle intake
 * asks twice a second, and with a transaction each time it took 0.3 % of a core more.
 */
export async function findNextTask(tx: Tx): Promise<NextTask> {
  const [row] = await tx.query<{ isDue: boolean; ms: number | null }>({
    name: "task.find-next",
    text: `
      -- task.find-next
      select coalesce(bool_or(
          (t.due_at is null or t.due_at < coalesce(l.mark, now())) and (t.retry_at is null or t.retry_at <= now())
        ), false) as "isDue",
        extract(epoch from min(n.at) filter (where t.timeline = 'wall' and n.at > now()) - now())::float8 * 1000 as ms
      from task t left join timeline l on l.id = t.timeline
      cross join lateral (select greatest(t.due_at, t.retry_at) as at) as n`,
    values: [],
  });
  return { isDue: row?.isDue ?? true, ms: row?.ms ?? undefined };
}

/** Counts the tasks that have failed at least once and wait for a retry. */
export async function countFailedTasks(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- task.count-failed
      select count(*) as count from task where failures > 0`,
    values: [],
  });
  return row?.count ?? 0;
}

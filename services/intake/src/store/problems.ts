import type { Instant, ProblemStatus } from "@crossline/contracts";
import { type ProblemState, isOpenProblem, scopeKey } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/**
 * Inserts problems. Throws a unique violation if a scope has an open problem already. After the error, the case writer decides each
 * request again, and finds that problem.
 */
export async function insertProblems(tx: Tx, problems: readonly ProblemState[]): Promise<void> {
  if (problems.length === 0) return;
  await tx.query({
    text: `
      -- problem.insert
      insert into problem (problem_id, timeline, carrier, status, scope_key, opened_at, state)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::jsonb[])`,
    values: [
      problems.map(({ id }) => id),
      problems.map(({ timeline }) => timeline),
      problems.map(({ carrier }) => carrier),
      problems.map(({ status }) => status),
      problems.map(({ scope }) => scopeKey(scope) ?? null),
      problems.map(({ openedAt }) => toSql(openedAt)),
      problems.map((state) => JSON.stringify(state)),
    ],
  });
}

/** Saves a problem that this transaction has locked. Throws a unique violation if a reopened problem's scope has another open problem. */
export async function updateProblem(tx: Tx, state: ProblemState): Promise<void> {
  await tx.query({
    text: `
      -- problem.update
      update problem set status = $2, state = $3::jsonb, ended_at = coalesce($4::timestamptz, ended_at)
      where problem_id = $1`,
    values: [state.id, state.status, JSON.stringify(state), isOpenProblem(state) ? null : toSql(state.lastEventAt)],
  });
}

/** Returns a problem and locks it until the transaction ends; undefined if no problem has this id. */
export async function lockProblem(tx: Tx, problemId: string): Promise<ProblemState | undefined> {
  const [row] = await tx.query<{ state: ProblemState }>({
    text: `
      -- problem.lock
      select state from problem where problem_id = $1 for no key update`,
    values: [problemId],
  });
  return row?.state;
}

/** Returns a problem of a carrier; undefined if the carrier has no problem with this id. */
export async function findProblem(tx: Tx, carrier: string, problemId: string): Promise<ProblemState | undefined> {
  const [row] = await tx.query<{ state: ProblemState }>({
    text: `
      -- problem.find
      select state from problem where problem_id = $2 and carrier = $1`,
    values: [carrier, problemId],
  });
  return row?.state;
}

/** The scopes of a carrier on a timeline. */
export type ScopeQuery = { readonly carrier: string; readonly timeline: string; readonly keys: readonly string[] };

/** Returns the open problem of a scope, or undefined. */
export async function findOpenProblem(
  tx: Tx,
  { carrier, timeline }: Pick<ScopeQuery, "carrier" | "timeline">,
  key: string,
): Promise<ProblemState | undefined> {
  const [row] = await tx.query<{ state: ProblemState }>({
    text: `
      -- problem.find-open
      select state from problem
      where carrier = $1 and timeline = $2 and scope_key = $3 and status not in ('closed', 'cancelled')`,
    values: [carrier, timeline, key],
  });
  return row?.state;
}

/**
 * Takes the lock of a scope until the transaction ends. A second person who opens or reopens a problem of this scope waits, and then finds
 * the open problem.
 */
export async function lockScope(
  tx: Tx,
  { carrier, timeline }: Pick<ScopeQuery, "carrier" | "timeline">,
  key: string,
): Promise<void> {
  await tx.query({
    text: `
      -- problem.lock-scope
      select pg_advisory_xact_lock(hashtextextended('problem ' || $1 || ' ' || $2 || ' ' || $3, 0))`,
    values: [carrier, timeline, key],
  });
}

/** Returns the known errors of some scopes. */
export async function findKnownErrors(tx: Tx, { carrier, timeline, keys }: ScopeQuery): Promise<ProblemState[]> {
  if (keys.length === 0) return [];
  const rows = await tx.query<{ state: ProblemState }>({
    text: `
      -- problem.find-known-errors
      select state from problem
      where carrier = $1 and timeline = $2 and scope_key = any($3::text[]) and status = 'known-error'
      order by opened_at, problem_id limit 10`,
    values: [carrier, timeline, keys],
  });
  return rows.map(({ state }) => state);
}

/** Which problems of a carrier a list contains. `before` is the last problem of the previous result page. */
export type ProblemFilter = {
  readonly carrier: string;
  readonly timeline: string;
  readonly statuses: readonly ProblemStatus[] | undefined;
  readonly before: { readonly openedAt: Instant; readonly id: string } | undefined;
  readonly limit: number;
};

/** Returns a carrier's problems, newest first. */
export async function listProblems(
  tx: Tx,
  { carrier, timeline, statuses, before, limit }: ProblemFilter,
): Promise<ProblemState[]> {
  const rows = await tx.query<{ state: ProblemState }>({
    text: `
      -- problem.list
      select state from problem
      where carrier = $1 and timeline = $2 and ($3::text[] is null or status = any($3::text[]))
        and ($4::timestamptz is null or opened_at < $4::timestamptz or (opened_at = $4::timestamptz and problem_id > $5))
      order by opened_at desc, problem_id limit $6`,
    values: [
      carrier,
      timeline,
      statuses ?? null,
      before === undefined ? null : toSql(before.openedAt),
      before?.id ?? null,
      limit,
    ],
  });
  return rows.map(({ state }) => state);
}

import type { EventContent, Instant, ProblemEvent } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** An event of a problem, as the history of the problem has it. */
export type ProblemChangeRow = { readonly at: Instant } & EventContent<ProblemEvent["type"]>;

/** Inserts the events of problems. */
export async function insertProblemChanges(tx: Tx, events: readonly ProblemEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query({
    text: `
      -- problem-change.insert
      insert into problem_change (problem_id, sequence, at, type, data)
      select * from unnest($1::text[], $2::integer[], $3::timestamptz[], $4::text[], $5::json[])`,
    values: [
      events.map(({ key }) => key),
      events.map(({ sequence }) => sequence),
      events.map(({ time }) => toSql(time)),
      events.map(({ type }) => type),
      events.map(({ data }) => JSON.stringify(data)),
    ],
  });
}

/** Returns the events of a problem, oldest first. A problem has at most about a thousand. */
export function listProblemChanges(tx: Tx, problemId: string): Promise<ProblemChangeRow[]> {
  return tx.query({
    text: `
      -- problem-change.list
      select at, type, data from problem_change where problem_id = $1 order by sequence limit 2000`,
    values: [problemId],
  });
}

import { wall } from "@crossline/contracts";
import { type CaseClocks, type Line, hasDueClock, needsClock } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type CaseRow, lockCases } from "../store/case-clocks.ts";
import { deleteClockless, readClockless } from "../store/clockless-cases.ts";
import type { Lines } from "../store/lines.ts";

const recheckMax = 100;

/**
 * Returns the ids of cases on the wall timeline that need a clock, but in which no clock will fire. Each case in the result
 * shows a bug, so an operator must examine the case.
 */
export function findClocklessCases(rows: readonly CaseRow[], lines: Lines): string[] {
  return rows
    .filter(({ dueAt, state }) => {
      // If a handling is live, `dueAt` can be the instant at which the handling becomes silent, even if no clock will fire.
      if (state.timeline !== wall || (dueAt !== undefined && state.handlings.length === 0)) return false;
      return lacksClock(state, lines.get(state.line));
    })
    .map(({ state }) => state.caseId);
}

/**
 * Checks at most 100 of the stored cases again, because a later event can have started a clock. Every process may call the function
 * at any time.
 */
export async function recheckClockless(database: Database, lines: Lines): Promise<void> {
  const listed = await readClockless(database, recheckMax);
  if (listed.length === 0) return;
  await database.transaction(async (tx) => {
    const rows = await lockCases(tx, lines, listed.toSorted());
    await lines.load(
      tx,
      rows.map(({ state }) => state.line),
    );
    const lacking = new Set(
      rows.filter(({ state }) => lacksClock(state, lines.get(state.line))).map(({ state }) => state.caseId),
    );
    await deleteClockless(
      tx,
      listed.filter((caseId) => !lacking.has(caseId)),
    );
  });
}

function lacksClock(state: CaseClocks, line: Line): boolean {
  return needsClock(state, line) && !hasDueClock(state, line);
}

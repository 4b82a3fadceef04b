import { hasDueClock, needsClock } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { lockCases } from "../store/case-clocks.ts";
import { deleteClockless, findClockless } from "../store/clockless-cases.ts";
import type { Lines } from "../store/lines.ts";

const atOnceMax = 100;

/** Looks again at the cases without a clock: most events give them one. Any process may, and there should be nothing to do. */
export async function recheckClockless(database: Database, lines: Lines): Promise<void> {
  const noted = await findClockless(database, atOnceMax);
  if (noted.length === 0) return;
  await database.transaction(async (tx) => {
    const rows = await lockCases(tx, lines, noted.toSorted());
    await lines.load(
      tx,
      rows.map(({ state }) => state.line),
    );
    const lacking = new Set(
      rows
        .filter(({ state }) => {
          const line = lines.get(state.line);
          return needsClock(state, line) && !hasDueClock(state, line);
        })
        .map(({ state }) => state.caseId),
    );
    await deleteClockless(
      tx,
      noted.filter((caseId) => !lacking.has(caseId)),
    );
  });
}

import { isDeepStrictEqual } from "node:util";
import { type LineRef, type ReceivedMessage } from "@crossline/contracts";
import { type BoardCase, type ClockFact, boardRows, nextBoardCase, replayClocks } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import type { CompiledLines } from "@crossline/projection/compiled-lines";
import { loadBoardCases, saveBoardCases } from "../store/board-cases.ts";
import { type StoredRow, loadRows, saveRows } from "../store/board-rows.ts";
import { insertFacts, readFacts } from "../store/facts.ts";
import { insertSearchKeys } from "../store/search-keys.ts";
import { dataOf } from "./data-of.ts";
import { searchKeysOf } from "./search-keys.ts";

type LoadedRow = Awaited<ReturnType<typeof loadRows>>[number];

/** Saves the facts of a batch, and updates the cases, the rows of their companies and the search keys. */
export async function applyCaseFacts(tx: Tx, lines: CompiledLines, events: readonly ReceivedMessage[]): Promise<void> {
  const caseIds = [...new Set(events.map(({ key }) => key))].toSorted();
  const [stored, rows] = await Promise.all([
    loadBoardCases(tx, caseIds),
    loadRows(tx, caseIds),
    insertFacts(tx, events),
  ]);
  await lines.load(tx, [...stored.map(({ line }) => line), ...events.flatMap(linesOf)]);
  const lineOf = (ref: LineRef) => lines.get(ref);
  const cases = new Map(stored.map((state) => [state.caseId, state]));
  const reordered = new Set<string>();
  for (const event of events) {
    const decision = nextBoardCase(cases.get(event.key), event as unknown as ClockFact, lineOf);
    if (decision === undefined) continue;
    cases.set(event.key, decision.state);
    if (decision.isReordered) reordered.add(event.key);
  }
  await saveBoardCases(tx, [...cases.values()]);
  if (reordered.size > 0) {
    await recomputeClocks(tx, lines, cases, [...reordered].toSorted());
    await saveBoardCases(
      tx,
      [...reordered].flatMap((caseId) => cases.get(caseId) ?? []),
    );
  }
  await saveRows(tx, changedRows([...cases.values()], rows, lines));
  await insertSearchKeys(tx, events.flatMap(searchKeysOf));
}

function linesOf(event: ReceivedMessage): LineRef[] {
  const named = dataOf(event, "case.opened") ?? dataOf(event, "case.moved");
  return named === undefined ? [] : [named.line];
}

/** Replaces the clocks of cases whose records the timer applied in another order than the console. */
async function recomputeClocks(
  tx: Tx,
  lines: CompiledLines,
  cases: Map<string, BoardCase>,
  caseIds: readonly string[],
): Promise<void> {
  const facts = Map.groupBy(await readFacts(tx, caseIds), ({ key }) => key);
  for (const caseId of caseIds) {
    const state = cases.get(caseId);
    const own = (facts.get(caseId) ?? []) as unknown as ClockFact[];
    await lines.load(tx, (facts.get(caseId) ?? []).flatMap(linesOf));
    const clocks = replayClocks(own, (ref) => lines.get(ref));
    if (state !== undefined && clocks !== undefined) cases.set(caseId, { ...state, clocks });
  }
}

/** Returns the rows that differ from the stored rows. The row of a company that lost its access is gone. */
function changedRows(cases: readonly BoardCase[], stored: readonly LoadedRow[], lines: CompiledLines): StoredRow[] {
  const before = new Map(stored.map((row) => [`${row.caseId} ${row.party}`, row]));
  return cases.flatMap((state) => {
    const { caseId, timeline, openedAt } = state;
    const now = boardRows(state, lines.get(state.line));
    const changed = now.flatMap(({ row, ...rest }): StoredRow[] => {
      const old = before.get(`${caseId} ${rest.party}`);
      const isSame =
        old !== undefined && !old.isGone && old.isOpen === rest.isOpen && isDeepStrictEqual(old.content, row);
      return isSame ? [] : [{ ...rest, content: row, caseId, timeline, openedAt, isGone: false }];
    });
    const parties = new Set(now.map(({ party }) => party));
    const gone = stored
      .filter((row) => row.caseId === caseId && !row.isGone && !parties.has(row.party))
      .map(({ party, isOpen, content }): StoredRow => ({
        party,
        caseId,
        timeline,
        openedAt,
        dueAt: undefined,
        ownDueAt: undefined,
        isOpen,
        isGone: true,
        content,
      }));
    return [...changed, ...gone];
  });
}

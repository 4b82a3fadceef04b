import { type Verdict, createChecker } from "../checker/checker.ts";
import type { FindingKind } from "../checker/findings.ts";
import type { CommandResponse, CommandRequest, Entry, SeenRecord } from "../history.ts";

/** The opening of the case in these small histories. */
export const t0 = Date.parse("2026-03-07T14:00:00Z");
export const caseId = "cs_00000000000000000000000001";

const at = t0;
const setting: Entry = {
  e: "setting",
  at,
  seed: 1,
  vendor: "orchard",
  receiver: "well",
  subscribed: ["handoff.offered"],
  lines: {
    unanswered: [{ name: "answer", kind: "first-response", targetMs: 10_000, thresholds: [50, 100] }],
    solved: [
      { name: "closing", kind: "confirmation", targetMs: 10_000, thresholds: [100] },
      { name: "reply", kind: "reply", targetMs: 4_000, thresholds: [100] },
    ],
    stalling: [{ name: "stall-busy", kind: "stall.busy", targetMs: 10_000, thresholds: [100] }],
  },
};

let offset = 0;

/** Returns a record of the case, `ms` after its opening. `name` is the topic's noun and the sequence: `case/2`. */
export function record(name: string, type: string, ms: number, data: object = {}): SeenRecord {
  const [topic = "", sequence = ""] = name.split("/");
  const place = { topic: `crossline.${topic}.v1`, partition: 0, offset: offset++ };
  const id = `${topic}/${caseId}/${sequence}`;
  const time = t0 + ms;
  const times = { time, stamp: time + 5, at: time + 10 };
  const rest = { key: caseId, id, type, sequence: Number(sequence), ...times, data: { ...data } };
  return { e: "record", ...place, ...rest, hash: `${id} ${JSON.stringify(data)}` };
}

export function caseOpened(line: string, mark = "N-1"): SeenRecord {
  return record("case/1", "case.opened", 0, { carrierCaseId: mark, line: { name: line } });
}

/** Returns a firing that was due `dueMs` after the opening. `name` is the clock and the percentage, for example `answer/50`. */
export function firing(sequence: number, name: string, dueMs: number, more: object = {}): SeenRecord {
  const [clock = "", percentage = ""] = name.split("/");
  const threshold = Number(percentage);
  const iso = (ms: number): string => new Date(t0 + ms).toISOString();
  const firingId = `fir_${clock}_${threshold}`;
  const data = { firingId, clock, threshold, startedAt: iso(0), dueAt: iso(dueMs), firedAt: iso(dueMs + 4), ...more };
  return record(`clock/${sequence}`, threshold === 100 ? "clock.breached" : "clock.warned", dueMs + 4, data);
}

export function commandRequest(
  n: number,
  op: CommandRequest["op"],
  more: Partial<CommandRequest> = {},
): CommandRequest {
  return { e: "asked", at, n, op, party: "northtel", ...more };
}

export function commandResponse(n: number, status: number, more: Partial<CommandResponse> = {}): CommandResponse {
  return { e: "answered", at, n, tries: 1, status, ...more };
}

/** Returns the loss of a service. A range of offsets of one topic was deleted 20 s after the opening. */
export function trimNote(service: string, topic: string, from: number, to: number): Entry {
  const place = { service, topic: `crossline.${topic}.v1`, partition: 0 };
  return { e: "trim", at: t0 + 20_000, silentUntil: t0 + 40_000, ...place, from, to };
}

/** Returns the checker's verdict on these entries. Each topic's offsets follow the order of the entries. */
export function verdictOf(...entries: readonly Entry[]): Verdict {
  const checker = createChecker();
  const next = new Map<string, number>();
  for (const entry of [setting, ...entries]) {
    if (entry.e !== "record") checker.add(entry);
    else {
      const own = next.get(entry.topic) ?? 0;
      next.set(entry.topic, own + 1);
      checker.add({ ...entry, offset: own });
    }
  }
  checker.add({ e: "ended", at: t0 + 60_000, settledAt: t0 + 60_000 });
  return checker.verdict();
}

/** Returns the kinds of the checker's findings in these entries, each once. */
export function findingsOf(...entries: readonly Entry[]): FindingKind[] {
  return [...new Set(verdictOf(...entries).findings.map(({ kind }) => kind))].toSorted();
}

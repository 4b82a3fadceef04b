import {
  type ClockEvent,
  type ClockKind,
  type Instant,
  type Message,
  type ReceivedEvent,
  type Cause,
  parseInstant,
  topics,
} from "@crossline/contracts";
import {
  type AuditedCase,
  type AuditedLine,
  type Firing,
  type Happening,
  begin,
  compare,
  firingIdOf,
  follow,
  lostCase,
  wasKept,
} from "../rules/index.ts";
import type { ToldFiring } from "../store/firings.ts";
import type { Lines } from "../store/lines.ts";
import type { CaseInHand, Report } from "./report.ts";

/** What is audited, as it comes from the topics of cases, hand-offs and clocks. */
export type CaseInput = ReceivedEvent<Happening["type"] | ClockEvent["type"]>;

export type Surroundings = {
  readonly lines: Lines;
  readonly report: Report;
  readonly now: Instant;
  readonly lateMs: number;
  /** Whether this is the first telling of the firing. */
  readonly isFirst: (firing: ToldFiring) => boolean;
};

/** Takes one record of a case: what happened changes what must fire; what has fired is held against it. */
export function takeOne(known: CaseInHand | undefined, event: CaseInput, around: Surroundings): CaseInHand {
  if (known === undefined) return open(event, around);
  const { state } = known;
  if (state.lost === true) return known;
  findGap(known, event, around);
  switch (event.type) {
    case "clock.warned":
    case "clock.breached":
      judgeFiring(known, event, around);
      state.read.clock = event.sequence;
      break;
    case "clock.recomputed":
      state.read.clock = event.sequence;
      break;
    case "clock.overtaken":
      around.report.count(known.partition, "overtaken", event.data.kind);
      state.read.clock = event.sequence;
      break;
    default:
      follow(state, event, around.lines.get, around.now);
  }
  return known;
}

function open(event: CaseInput, { lines, report }: Surroundings): CaseInHand {
  const { partition } = event;
  if (event.type !== "case.opened") {
    const lost = { state: lostCase(event), partition, auditSequence: 0 };
    report.find(lost, "gap", "record", event.time, { topic: topics.case, from: 1, to: 1 });
    return lost;
  }
  const line = lines.get(event.data.line);
  const opened = { state: begin(event, line), partition, auditSequence: 0 };
  if (line.unaudited.length > 0)
    report.leaveOut(opened, event.time, { line: event.data.line, clocks: [...line.unaudited] });
  return opened;
}

const nouns = { [topics.case]: "case", [topics.handoff]: "handoff", [topics.clock]: "clock" } as const;

/** A record that never came. What was told of it elsewhere can no longer be judged, unless it was a firing: that is missed. */
function findGap(on: CaseInHand, { topic, sequence, time }: Message, { report }: Surroundings): void {
  const noun = nouns[topic as keyof typeof nouns];
  const from = on.state.read[noun] + 1;
  if (sequence <= from) return;
  report.find(on, "gap", "record", time, { topic, from, to: sequence - 1 });
  if (noun !== "clock") doubtAll(on.state);
}

function doubtAll(state: AuditedCase): void {
  for (const meter of state.meters) meter.unsure = true;
  state.owed = state.owed.map((owed) => ({ ...owed, unsure: true }));
}

function judgeFiring(on: CaseInHand, firing: CaseInput & Firing, around: Surroundings): void {
  const { report, lateMs, isFirst, lines } = around;
  const { kind, clock, incarnation, threshold, firingId, dueAt, firedAt } = firing.data;
  const { sequence, key } = firing;
  const told = { clock, kind, incarnation, threshold, firingId, sequence, dueAt, firedAt };
  const at = parseInstant(firedAt);
  const after: Cause[] = [{ topic: topics.clock, key, sequence }];
  if (!isAudited(on.state, clock, kind, lines.get(on.state.line))) return report.count(on.partition, "unaudited", kind);
  if (!isFirst({ firingId: firingIdOf(key, firing.data), sequence }))
    return report.find(on, "doubled", kind, at, told, after);
  const verdict = compare(on.state, firing, lines.get, lateMs);
  switch (verdict.is) {
    case "as-expected":
      return report.count(on.partition, "told", kind);
    case "raced":
    case "unsure":
      return report.count(on.partition, verdict.is, kind);
    case "late": {
      const { latenessMs, afterMissed } = verdict;
      return report.find(on, "late", kind, at, { ...told, latenessMs, afterMissed }, after);
    }
    case "unfounded": {
      const { reason, expectedAt } = verdict;
      const expected = expectedAt === undefined ? {} : { expectedAt: new Date(expectedAt).toISOString() };
      return report.find(on, "unfounded", kind, at, { ...told, reason, ...expected }, after);
    }
  }
}

/** Whether there are rules for the clock, and everything that they depend on has been kept. */
function isAudited(state: AuditedCase, clock: string, kind: ClockKind, { unaudited }: AuditedLine): boolean {
  return (
    wasKept(state, kind) &&
    !unaudited.some((left) => left.clock === clock || (kind === "promise" && left.kind === kind))
  );
}

import { type Report, createReport } from "@crossline/auditor/report";
import { type AuditedLine, builtinLine as auditedBuiltin, findMissed, readLine } from "@crossline/auditor/rules";
import { takeOne } from "@crossline/auditor/take-one";
import {
  type Cause,
  type ClockEvent,
  type EventType,
  type Instant,
  type LineDocument,
  timelineKind,
  topics,
} from "@crossline/contracts";
import {
  type CaseClocks,
  type ClockInput,
  type Line,
  builtinLine,
  compileLine,
  decide,
  elapse,
} from "@crossline/domain";
import fc from "fast-check";

export const caseId = "cs_00000000000000000000000001";
const start = Date.UTC(2026, 2, 7, 14);
const lateMs = 10_000;

const ref = { carrier: "northtel", name: "test", version: 1 };
const document: LineDocument = {
  line: "test",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: { live: "PT5M", critical: "PT10M", else: "PT1H" }, warnAt: [80] },
    { kind: "stall.busy", target: "PT10M", warnAt: [90, 50, 75, 50] },
    { kind: "stall.busy", name: "busy-short", target: "PT150S", warnAt: [33] },
    { kind: "handling.limit", target: "PT25M", warnAt: [] },
    { kind: "stall.idle", target: { critical: "PT10M", major: "PT20M", else: "PT40M" }, warnAt: [50] },
    { kind: "vendor.acceptance", target: { critical: "PT2M", else: "PT15M" }, warnAt: [50] },
    { kind: "information", target: "PT2H", warnAt: [10] },
  ],
  crossing: [],
  lastResort: [],
};
const documents: readonly LineDocument[] = [document, { ...document, mode: "observe" }];
const lines: readonly { readonly platform: Line; readonly auditor: AuditedLine }[] = [
  ...documents.map((each) => ({ platform: compileLine(ref, each), auditor: readLine(each) })),
  { platform: builtinLine, auditor: auditedBuiltin },
];

type Happening = readonly [type: EventType, data: Record<string, unknown>];
const rep = { party: "northtel", automated: false };
const robot = { party: "northtel", automated: true };
const agent = { party: "orchard", automated: false };
const happenings: readonly Happening[] = [
  ["handling.started", { handlingId: "a", channel: "phone", actor: rep }],
  ["handling.continued", { handlingId: "a", channel: "phone", actor: rep }],
  ["handling.continued", { handlingId: "a", channel: "phone", actor: robot }],
  ["handling.ended", { handlingId: "a", channel: "phone", actor: rep }],
  ["handling.started", { handlingId: "b", channel: "chat", actor: agent }],
  ["handling.continued", { handlingId: "b", channel: "chat", actor: agent }],
  ["handling.started", { handlingId: "c", channel: "phone", actor: rep }],
  ["entry.added", { kind: "fact", by: "party", news: true, actor: rep }],
  ["entry.added", { kind: "fact", by: "party", news: false, actor: rep }],
  ["entry.added", { kind: "hypothesis", by: "customer", news: true, actor: rep }],
  ["entry.added", { kind: "step-tried", by: "party", news: true, actor: robot }],
  ["entry.added", { kind: "note", by: "party", news: true, actor: agent }],
  ["entry.added", { kind: "step-tried", by: "party", news: true, actor: agent }],
  ["case.contacted", { channel: "mail", direction: "outbound", content: "answer", actor: rep }],
  ["case.contacted", { channel: "mail", direction: "outbound", content: "article", actor: rep }],
  ["case.contacted", { channel: "mail", direction: "inbound", content: "inquiry", actor: robot }],
  ["case.status-changed", { from: "acknowledged", to: "pending", actor: rep }],
  ["case.status-changed", { from: "acknowledged", to: "pending", actor: robot }],
  ["case.status-changed", { from: "pending", to: "inProgress", actor: robot }],
  ["case.status-changed", { from: "pending", to: "held", actor: rep }],
  ["case.recorded", { status: "inProgress", actor: rep }],
  ["case.resolved", { from: "inProgress", actor: rep }],
  ["case.confirmed", { actor: rep }],
  ["case.reopened", { from: "resolved", reason: "still broken", actor: rep }],
  ["case.closed", { from: "resolved", reason: "by-carrier", actor: rep }],
  ["crossing.requested", { asOf: 1, actor: rep }],
  ["handoff.offered", { vendor: "orchard", acceptWithin: "PT90S", actor: robot }],
  ["handoff.offered", { vendor: "orchard", actor: robot }],
  ["handoff.claimed", { vendor: "orchard", actor: agent }],
  ["handoff.accepted", { vendor: "orchard", actor: agent }],
  ["handoff.rejected", { vendor: "orchard", code: "duplicate", actor: agent }],
  ["handoff.lapsed", { vendor: "orchard", actor: robot }],
  ["handoff.withdrawn", { vendor: "orchard", reason: "overtaken", actor: robot }],
  ["handoff.resolved", { vendor: "orchard", fixCode: "x", actor: agent }],
  ["line.exhausted", { lastResort: [], actor: robot }],
  ["last-resort.called", { call: 1, next: "PT1M", addresses: [], actor: robot }],
  ["last-resort.called", { call: 2, next: "PT2M", addresses: [], actor: robot }],
  ["handoff.taken", { actor: rep }],
];

type Step = {
  readonly gap: number;
  readonly which: number;
  /** How long after it happened the timer reads it, and whether its scanner looks just before. Only the wall has delays. */
  readonly delay: number;
  readonly wakes: boolean;
  /** How many records of the clock topic the auditor reads before this event. */
  readonly clocksFirst: number;
};

const gaps = fc.oneof(
  fc.integer({ min: 0, max: 180_000 }),
  fc.constantFrom(0, 60_000, 90_000, 150_000, 180_000, 600_000), // on the instant
  fc.integer({ min: 0, max: 7_200_000 }),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    gap: gaps,
    which: fc.nat({ max: happenings.length - 1 }),
    delay: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8_000 })),
    wakes: fc.boolean(),
    clocksFirst: fc.nat({ max: 3 }),
  }),
  { maxLength: 60 },
);
const opening = fc.record({
  severity: fc.constantFrom("critical", "major", "minor"),
  channel: fc.constantFrom("phone", "mail"),
  status: fc.constantFrom("acknowledged", "acknowledged", "pending", "resolved"),
  which: fc.nat({ max: lines.length - 1 }),
  timeline: fc.constantFrom("wall", "stp_0000000000000000000000000a", "imp_0000000000000000000000000a"),
});
const hourMs = 3_600_000;
export const histories = fc.record({
  opening,
  steps,
  tailMs: fc.constantFrom(0, hourMs, hourMs, 4 * hourMs, 73 * hourMs),
});
export type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;

/** What a case came to, and what the timer told of it. */
export type Played = {
  readonly line: (typeof lines)[number];
  readonly timeline: string;
  /** What happened, each with how many firings the auditor has read by then. */
  readonly happened: readonly { readonly event: ClockInput; readonly heard: number }[];
  readonly told: readonly ClockEvent[];
  readonly until: Instant;
};

const answers: readonly EventType[] = ["handoff.accepted", "handoff.rejected", "handoff.lapsed", "handoff.withdrawn"];

/** The timer of `packages/domain` at work: late on the wall now and then, so that firings are overtaken. */
export function play({ opening: { which, timeline, ...opened }, steps: all, tailMs }: History): Played {
  const line = lines[which] as (typeof lines)[number];
  const isWall = timelineKind(timeline) === "wall";
  const sequences = { case: 0, handoff: 0 };
  const told: ClockEvent[] = [];
  const happened: { event: ClockInput; heard: number }[] = [];
  let state: CaseClocks | undefined;
  let now = start;
  let handoffId = "ho_none";
  let isAsked = false;

  const happen = (time: Instant, type: EventType, data: Record<string, unknown>, heard: number): void => {
    const noun = /^(?:handoff|line|last-resort)\./.test(type) ? "handoff" : "case";
    const after: Cause[] = (["case", "handoff"] as const)
      .filter((each) => sequences[each] > 0)
      .map((each) => ({ topic: topics[each], key: caseId, sequence: sequences[each] }));
    const sequence = ++sequences[noun];
    const event = {
      topic: topics[noun],
      key: caseId,
      sequence,
      type,
      time,
      timeline,
      after,
      data,
    } as unknown as ClockInput;
    const decided = decide(state, event, line.platform, now);
    state = decided.state;
    told.push(...decided.messages);
    happened.push({ event, heard: Math.min(heard, told.length) });
  };

  happen(start, "case.opened", { actor: rep, carrier: "northtel", line: line.platform.ref, ...opened }, 0);
  let time = start;
  let heard = 0;
  for (const [index, { gap, which: one, delay, wakes, clocksFirst }] of all.entries()) {
    time += gap;
    now = Math.max(now, time + (isWall ? delay : 0));
    if (wakes && state !== undefined) {
      const passed = elapse(state, line.platform, isWall ? now : time, now);
      state = passed.state;
      told.push(...passed.messages);
    }
    heard = Math.min(told.length, heard + clocksFirst);
    const [drawn, data] = happenings[one] as Happening;
    // One open hand-off per case: nobody is asked anew before the one before has answered or lapsed.
    const type: EventType = drawn === "handoff.offered" && isAsked ? "handoff.lapsed" : drawn;
    if (type === "handoff.offered") handoffId = `ho_${index}`;
    if (type === "handoff.offered" || answers.includes(type)) isAsked = type === "handoff.offered";
    happen(time, type, type.startsWith("handoff.") ? { ...data, handoffId } : data, heard);
  }
  const until = Math.max(now, time) + tailMs + 1;
  now = until;
  if (state !== undefined) told.push(...elapse(state, line.platform, until, until).messages);
  return { line, timeline, happened, told, until };
}

/** What the auditor finds in a history with these firings. */
export function audit({ line, timeline, happened, until }: Played, told: readonly ClockEvent[]) {
  const counted: Record<string, number> = {};
  const report: Report = { ...createReport(start) };
  const count: Report["count"] = (_, what, __, times = 1) => void (counted[what] = (counted[what] ?? 0) + times);
  const seen = new Set<string>();
  const isFirst = ({ firingId }: { readonly firingId: string }): boolean =>
    !seen.has(firingId) && seen.add(firingId) !== undefined;
  const kept = { load: async () => {}, get: () => line.auditor };
  let known: ReturnType<typeof takeOne> | undefined;
  let now = start;
  const take = (event: ClockInput | ClockEvent): void => {
    now = Math.max(now, event.time);
    known = takeOne(
      known,
      { ...event, id: "", partition: 0 },
      {
        lines: kept,
        report: { ...report, count },
        now,
        lateMs: timelineKind(timeline) === "wall" ? Infinity : lateMs,
        isFirst,
      },
    );
  };
  const waiting = [...told];
  const read = { case: 0, handoff: 0 };
  const isReady = ({ after = [] }: ClockEvent): boolean =>
    after.every(({ topic, sequence }) => read[topic === topics.case ? "case" : "handoff"] >= sequence);
  let heardSoFar = 0;
  const hear = (upTo: number): void => {
    for (; heardSoFar < upTo && waiting[0] !== undefined && isReady(waiting[0]); heardSoFar++)
      take(waiting.shift() as ClockEvent);
  };
  for (const { event, heard } of happened) {
    hear(heard);
    take(event);
    read[event.topic === topics.case ? "case" : "handoff"] = event.sequence;
  }
  hear(Infinity);
  const state = known?.state;
  const { missed, unsure } = state === undefined ? { missed: [], unsure: 0 } : findMissed(state, line.auditor, until);
  return {
    findings: report.findings.map(({ kind, data }) => ({ kind, data })),
    missed: missed.map(
      ({ clock, incarnation, threshold, due }) => `${clock} ${incarnation} ${threshold} ${due - start}`,
    ),
    unsure,
    counted,
  };
}

/**
 * The same history as the auditor may read it: neighbours of different topics that happened within 2 s did not know of each
 * other, and came to it the other way round.
 */
export function readApart(played: Played, swaps: readonly boolean[]): Played {
  const happened = [...played.happened];
  for (let index = 1; index + 1 < happened.length; index++) {
    const [first, second] = [happened[index], happened[index + 1]];
    if (first === undefined || second === undefined || swaps[index % swaps.length] !== true) continue;
    const { topic, sequence, time } = first.event;
    if (topic === second.event.topic || second.event.time - time > 2_000) continue;
    const after = (second.event.after ?? []).map((cause) =>
      cause.topic === topic ? { ...cause, sequence: sequence - 1 } : cause,
    );
    happened[index] = { ...second, event: { ...second.event, after } };
    happened[index + 1] = first;
    index += 1;
  }
  return { ...played, happened };
}

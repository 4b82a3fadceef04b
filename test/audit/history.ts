import { type Report, createReport } from "@crossline/auditor/report";
import { type AuditedLine, builtinLine as auditedBuiltin, findMissed, readLine } from "@crossline/auditor/rules";
import { takeOne } from "@crossline/auditor/take-one";
import {
  type Cause,
  type ClockEvent,
  type Instant,
  type LineDocument,
  type LineRef,
  formatInstant,
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
import { type Happening, document, firstHappenings, rep } from "./first-language.ts";
import { createCourse, newHappenings, pinned, wholeDocuments } from "./whole-language.ts";

export const caseId = "cs_00000000000000000000000001";
const start = Date.UTC(2026, 2, 7, 14);
const lateMs = 10_000;

const ref = { carrier: "northtel", name: "test", version: 1 };
const documents: readonly LineDocument[] = [document, { ...document, mode: "observe" }, ...wholeDocuments];
const lines: readonly { readonly platform: Line; readonly auditor: AuditedLine }[] = [
  ...documents.map((each, index) => ({
    platform: compileLine({ ...ref, version: index + 1 }, each, pinned),
    auditor: readLine(each, pinned),
  })),
  { platform: builtinLine, auditor: auditedBuiltin },
];
const nameOf = ({ carrier, name, version }: LineRef): string => `${carrier}/${name}@${version}`;
const auditedBy = new Map(lines.map(({ platform, auditor }) => [nameOf(platform.ref), auditor]));
function auditedLine(line: LineRef): AuditedLine {
  return auditedBy.get(nameOf(line)) ?? auditedBuiltin;
}

/** Where a case is moved, its decisions need both lines. */
const decideMoved: (...args: [...Parameters<typeof decide>, next?: Line]) => ReturnType<typeof decide> = decide;

const happenings: readonly Happening[] = [...firstHappenings, ...newHappenings];

/** Another case is merged into this one. */
export function isMerge({ which }: Pick<Step, "which">): boolean {
  return happenings[which]?.[0] === "case.merged";
}

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
const needBys = [undefined, ...[1, 3, 30].map((hours) => formatInstant(start + hours * 3_600_000))];
const opening = fc.record({
  severity: fc.constantFrom("critical", "major", "minor"),
  channel: fc.constantFrom("phone", "mail"),
  status: fc.constantFrom("acknowledged", "acknowledged", "pending", "resolved"),
  which: fc.nat({ max: lines.length - 1 }),
  needBy: fc.constantFrom(...needBys),
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
  readonly timeline: string;
  /** What happened, each with how many firings the auditor has read by then. */
  readonly happened: readonly { readonly event: ClockInput; readonly heard: number }[];
  readonly told: readonly ClockEvent[];
  readonly until: Instant;
};

/** The timer of `packages/domain` at work: late on the wall now and then, so that firings are overtaken. */
export function play({ opening: { which, timeline, needBy, ...opened }, steps: all, tailMs }: History): Played {
  let line = (lines[which] as (typeof lines)[number]).platform;
  const isWall = timelineKind(timeline) === "wall";
  const sequences = { case: 0, handoff: 0 };
  const told: ClockEvent[] = [];
  const happened: { event: ClockInput; heard: number }[] = [];
  let state: CaseClocks | undefined;
  let now = start;
  const course = createCourse(opened);

  const happen = (time: Instant, [type, data]: Happening, heard: number): void => {
    const noun = /^(?:handoff|line|last-resort|joint|roster)\./.test(type) ? "handoff" : "case";
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
    const next = event.type === "case.moved" ? lineOf(event.data.line) : undefined;
    const decided = decideMoved(state, event, line, now, next);
    line = next ?? line;
    state = decided.state;
    told.push(...decided.messages);
    happened.push({ event, heard: Math.min(heard, told.length) });
  };

  const due = needBy === undefined ? {} : { needBy };
  happen(start, ["case.opened", { actor: rep, carrier: "northtel", line: line.ref, ...due, ...opened }], 0);
  let time = start;
  let heard = 0;
  for (const [index, { gap, which: one, delay, wakes, clocksFirst }] of all.entries()) {
    time += gap;
    now = Math.max(now, time + (isWall ? delay : 0));
    if (wakes && state !== undefined) {
      const passed = elapse(state, line, isWall ? now : time, now);
      state = passed.state;
      told.push(...passed.messages);
    }
    heard = Math.min(told.length, heard + clocksFirst);
    const drawn = happenings[one] as Happening;
    const happening = course.next(drawn, index, time);
    if (happening === undefined) continue;
    const [type, data] = happening;
    const from = line;
    happen(
      time,
      type === "case.moved" ? [type, { ...data, from: from.ref, line: goalOf(from, index, wakes) }] : happening,
      heard,
    );
  }
  const until = Math.max(now, time) + tailMs + 1;
  now = until;
  if (state !== undefined) told.push(...elapse(state, line, until, until).messages);
  return { timeline, happened, told, until };
}

function lineOf(line: LineRef): Line {
  return lines.find(({ platform }) => nameOf(platform.ref) === nameOf(line))?.platform ?? builtinLine;
}

const hoursOf = ({ ref: { version } }: Line): unknown => documents[version - 1]?.calendar ?? "24x7";

/** Where a case is moved to. Unless `any` line will do: where nothing is unsure after it, as what counts in other hours after a rest is. */
function goalOf(from: Line, index: number, any: boolean): LineRef {
  const goals = lines.filter(
    ({ platform }) => any || (platform.observe === from.observe && hoursOf(platform) === hoursOf(from)),
  );
  return goals[index % goals.length]?.platform.ref ?? from.ref;
}

/** What the auditor finds in a history with these firings. */
export function audit({ timeline, happened, until }: Played, told: readonly ClockEvent[]) {
  const counted: Record<string, number> = {};
  const report: Report = { ...createReport(start) };
  const count: Report["count"] = (_, what, __, times = 1) => void (counted[what] = (counted[what] ?? 0) + times);
  const seen = new Set<string>();
  const isFirst = ({ firingId }: { readonly firingId: string }): boolean =>
    !seen.has(firingId) && seen.add(firingId) !== undefined;
  const kept = { load: async () => {}, get: auditedLine };
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
  const { missed, unsure } =
    state === undefined ? { missed: [], unsure: 0 } : findMissed(state, auditedLine(state.line), until);
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

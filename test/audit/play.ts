import {
  type Cause,
  type ClockEvent,
  type EventType,
  type Instant,
  type LineRef,
  timelineKind,
  topics,
} from "@crossline/contracts";
import { type CaseClocks, type ClockInput, type Line, decide, decideMove, elapse } from "@crossline/domain";
import { createCourse } from "./course.ts";
import { type DrawnEvent, rep } from "./basic-events.ts";
import { drawnEvents } from "./drawn-events.ts";
import { type History, type Step, caseId, start } from "./histories.ts";
import { lineOf, lines } from "./lines.ts";

type Noun = "case" | "handoff";

/** One record of the case or hand-off topic, and the step of the history that caused the record. */
export type PublishedRecord = {
  readonly event: ClockInput;
  readonly noun: Noun;
  /** The publisher had applied the records of the other topic up to this sequence. */
  readonly knew: number;
  readonly step: Step;
};

/** A played history: the records of the case and its hand-offs, and the clock events of the timer. */
export type PlayedHistory = {
  readonly timeline: string;
  readonly published: readonly PublishedRecord[];
  readonly clockEvents: readonly ClockEvent[];
  /** The number of clock events that the timer had published before it applied a record. */
  readonly clockEventsBefore: ReadonlyMap<ClockInput, number>;
  readonly until: Instant;
};

/** Plays a history with the timer's rules. On the wall timeline the timer is sometimes late, so that events overtake firings. */
export function play(history: History): PlayedHistory {
  const { timeline } = history.opening;
  const published = publish(history);
  return { timeline, published, ...drive(published, timeline, history.tailMs) };
}

const atOnce: Step = {
  gap: 0,
  which: 0,
  delay: 0,
  wakes: false,
  unknown: 0,
  timerSwaps: false,
  auditorSwaps: false,
  clocksFirst: 0,
};
/** The longest time after which a service applies a record of another service on the wall timeline. */
const unknownMs = 10_000;

/** Returns the records of intake and routing in the order of their instants. */
function publish({ opening: { which, timeline, needBy, ...opened }, steps }: History): PublishedRecord[] {
  let line = (lines[which] as (typeof lines)[number]).platform;
  const published: PublishedRecord[] = [];
  const sequences = { case: 0, handoff: 0 };
  // For each topic: its publisher has applied the records of the other topic up to this sequence.
  const knows = { case: 0, handoff: 0 };
  const windowMs = timelineKind(timeline) === "wall" ? unknownMs : 1;
  const course = createCourse(opened);

  const happen = (time: Instant, [type, data]: DrawnEvent, step: Step): void => {
    const noun = nounOf(type);
    const other = noun === "case" ? "handoff" : "case";
    const settled = published.filter((each) => each.noun === other && each.event.time <= time - windowMs).length;
    const least = Math.max(knows[noun], settled, noun === "handoff" ? 1 : 0);
    const knew = Math.max(least, sequences[other] - step.unknown);
    knows[noun] = knew;
    const causes = { [noun]: sequences[noun], [other]: knew };
    const after: Cause[] = (["case", "handoff"] as const).flatMap((each) =>
      (causes[each] ?? 0) > 0 ? [{ topic: topics[each], key: caseId, sequence: causes[each] ?? 0 }] : [],
    );
    const sequence = ++sequences[noun];
    const event = { topic: topics[noun], key: caseId, sequence, type, time, timeline, after, data };
    published.push({ event: event as unknown as ClockInput, noun, knew, step });
  };

  const due = needBy === undefined ? {} : { needBy };
  happen(start, ["case.opened", { actor: rep, carrier: "northtel", line: line.ref, ...due, ...opened }], atOnce);
  let time = start;
  for (const [index, step] of steps.entries()) {
    time += step.gap;
    for (const [type, data] of course.next(drawnEvents[step.which] as DrawnEvent, index, time)) {
      if (type !== "case.moved") happen(time, [type, data], step);
      else {
        const goal = goalOf(index);
        happen(time, [type, { ...data, from: line.ref, line: goal }], step);
        line = lineOf(goal);
      }
    }
  }
  return published;
}

function nounOf(type: EventType): Noun {
  return /^(?:handoff|line|last-resort|joint|roster|pool)\./.test(type) ? "handoff" : "case";
}

function goalOf(index: number): LineRef {
  return (lines[index % lines.length] as (typeof lines)[number]).platform.ref;
}

/**
 * Returns the records in the order in which one service reads them. The service reads each topic in order, and each record after its
 * causes. If `swaps` returns true for the later record's step, the order of two records that are not causes of each other is reversed.
 */
export function readBy(published: readonly PublishedRecord[], swaps: (step: Step) => boolean): PublishedRecord[] {
  const queues = {
    case: published.filter(({ noun }) => noun === "case"),
    handoff: published.filter(({ noun }) => noun === "handoff"),
  };
  const read = { case: 0, handoff: 0 };
  const order: PublishedRecord[] = [];
  const isNext = (one: PublishedRecord | undefined): one is PublishedRecord =>
    one !== undefined && one.knew <= read[one.noun === "case" ? "handoff" : "case"];
  while (order.length < published.length) {
    const heads = [queues.case[read.case], queues.handoff[read.handoff]]
      .filter(isNext)
      .toSorted((one, other) => published.indexOf(one) - published.indexOf(other));
    const [first, second] = heads;
    if (first === undefined) throw new Error("a record waits for itself");
    const next = second !== undefined && swaps(second.step) ? second : first;
    read[next.noun] += 1;
    order.push(next);
  }
  return order;
}

function drive(
  published: readonly PublishedRecord[],
  timeline: string,
  tailMs: number,
): Omit<PlayedHistory, "timeline" | "published"> {
  const isWall = timelineKind(timeline) === "wall";
  const clockEvents: ClockEvent[] = [];
  const clockEventsBefore = new Map<ClockInput, number>();
  let state: CaseClocks | undefined;
  let line: Line | undefined;
  let now = start;
  for (const { event, step } of readBy(published, ({ timerSwaps }) => timerSwaps)) {
    now = Math.max(now, event.time + (isWall ? step.delay : 0));
    if (event.type === "case.opened") line = lineOf(event.data.line);
    if (line === undefined) throw new Error("a history begins with case.opened");
    if (step.wakes && state !== undefined) {
      const elapsed = elapse(state, line, isWall ? now : event.time, now);
      state = elapsed.state;
      clockEvents.push(...elapsed.messages);
    }
    clockEventsBefore.set(event, clockEvents.length);
    const next = event.type === "case.moved" ? lineOf(event.data.line) : line;
    const decision =
      state === undefined
        ? decide(undefined, event, line, now)
        : decideMove(state, event, { from: line, to: next }, now);
    line = next;
    state = decision.state;
    clockEvents.push(...decision.messages);
  }
  const until = Math.max(now, ...published.map(({ event }) => event.time)) + tailMs + 1;
  if (state !== undefined && line !== undefined) clockEvents.push(...elapse(state, line, until, until).messages);
  return { clockEvents, clockEventsBefore, until };
}

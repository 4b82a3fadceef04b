import {
  type ClockEvent,
  type EventType,
  type Instant,
  type LineDocument,
  parseInstant,
  topics,
} from "@crossline/contracts";
import {
  type CaseClocks,
  type ClockInput,
  type Line,
  calendarOf,
  compileLine,
  decide,
  decideMove,
  elapse,
  formatStart,
} from "../src/index.ts";
import { thresholdDue } from "../src/clock/counting.ts";

export const caseId = "cs_00000000000000000000000001";

/** Returns an instant of a Saturday in Toronto: "09:20", "09:20:30", or "+1 09:00" for a day later. */
export function at(clock: string): Instant {
  const [, days = "0", time = ""] = /^(?:\+(\d+) )?(.+)$/.exec(clock) ?? [];
  return parseInstant(`2026-03-07T${time.length === 5 ? `${time}:00` : time}-05:00`) + Number(days) * 86_400_000;
}

export function clockTime(instant: Instant): string {
  const time = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO("-05:00");
  const days = time.toPlainDate().since("2026-03-07").days;
  return `${days === 0 ? "" : `+${days} `}${time.toPlainTime().toString()}`.replace(/(\d\d:\d\d):00$/, "$1");
}

export function line(document: Partial<LineDocument> & Pick<LineDocument, "clocks">): Line {
  const ref = { carrier: "northtel", name: "test", version: 1 };
  return compileLine(ref, { line: "test", mode: "cross", calendar: "24x7", crossing: [], lastResort: [], ...document });
}

const rep = { party: "northtel", person: "rep-1", automated: false };

/** Runs the timer's rules on one case, and applies one event at a time. */
export class DrivenCase {
  #line: Line;
  readonly #timeline: string;
  readonly #sequences = { case: 0, handoff: 0 };
  #next: Line | undefined;
  state: CaseClocks | undefined;
  readonly messages: ClockEvent[] = [];

  constructor(drivenLine: Line, timeline = "stp_0000000000000000000000000a") {
    this.#line = drivenLine;
    this.#timeline = timeline;
  }

  event(time: string | Instant, type: EventType, data: Record<string, unknown> = {}, now = 0): this {
    const topic = /^(?:handoff|line|last-resort|joint|roster|pool)\./.test(type) ? "handoff" : "case";
    const event = {
      topic: topics[topic],
      key: caseId,
      sequence: ++this.#sequences[topic],
      type,
      time: typeof time === "string" ? at(time) : time,
      timeline: this.#timeline,
      data: { actor: rep, ...data },
    } as unknown as ClockInput;
    const lines = { from: this.#line, to: this.#next ?? this.#line };
    const { state, messages } =
      this.state === undefined ? decide(undefined, event, this.#line, now) : decideMove(this.state, event, lines, now);
    this.state = state;
    this.messages.push(...messages);
    return this;
  }

  /** Moves the case to another line. */
  move(time: string | Instant, next: Line, data: Record<string, unknown> = {}): this {
    this.#next = next;
    this.event(time, "case.moved", { from: this.#line.ref, line: next.ref, reason: "of the test", ...data });
    this.#line = next;
    this.#next = undefined;
    return this;
  }

  open(time = "09:00", data: Record<string, unknown> = {}): this {
    return this.event(time, "case.opened", {
      carrier: "northtel",
      severity: "minor",
      status: "acknowledged",
      channel: "phone",
      line: this.#line.ref,
      ...data,
    });
  }

  /** Adds a live handling between two instants, with a heartbeat in each minute. */
  call(from: string, until: string, { ends = true } = {}): this {
    const handling = { handlingId: `hd ${from}`, channel: "phone" };
    this.event(from, "handling.started", handling);
    for (let time = at(from) + 60_000; time < at(until); time += 60_000)
      this.event(time, "handling.continued", handling);
    return this.event(until, ends ? "handling.ended" : "handling.continued", handling);
  }

  /** Advances to `until` without an event, and fires all thresholds that are due before it. */
  until(until: string | Instant, now = 0): this {
    if (this.state === undefined) throw new Error("open the case first");
    const { state, messages } = elapse(this.state, this.#line, typeof until === "string" ? at(until) : until, now);
    this.state = state;
    this.messages.push(...messages);
    return this;
  }

  /** The firings: "09:10 stall.busy 50" for a warning, "09:20 stall.busy" for a breach, "overtaken stall.busy". */
  get fired(): string[] {
    return this.messages.flatMap((message) => {
      if (message.type === "handling.silent") return [];
      if (message.type === "clock.overtaken") return [`overtaken ${message.data.clock}`];
      if (message.type === "clock.recomputed") return [`recomputed ${message.data.clock}`];
      const { dueAt, clock, threshold } = message.data;
      return [`${clockTime(parseInstant(dueAt))} ${clock}${threshold === 100 ? "" : ` ${threshold}`}`];
    });
  }

  /** The starts of the silences of live handlings, for example "09:08". */
  get silences(): string[] {
    return this.messages.flatMap((message) =>
      message.type === "handling.silent" ? [clockTime(parseInstant(message.data.silentSince))] : [],
    );
  }

  /** The incarnation of a running clock, for example "case/3". */
  start(name: string): string | undefined {
    const clock = this.state?.clocks.find((one) => one.name === name);
    return clock === undefined ? undefined : formatStart(clock.start);
  }

  /** The instant at which a running clock will breach, for example "09:20". */
  due(name: string): string | undefined {
    const clock = this.state?.clocks.find((one) => one.name === name);
    const due = clock === undefined ? undefined : thresholdDue(clock, calendarOf(this.#line, clock), 100);
    return due === undefined ? undefined : clockTime(due);
  }

  /** The line of the case. */
  get line(): Line {
    return this.#line;
  }

  get running(): string[] {
    return (this.state?.clocks ?? []).map(({ name }) => name).toSorted();
  }
}

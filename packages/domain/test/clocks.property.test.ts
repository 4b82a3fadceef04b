import fc from "fast-check";
import { type EventType, type LineDocument, calendarDocument, formatInstant, isFiring } from "@crossline/contracts";
import { expect, test } from "vitest";
import {
  type Clock,
  type EndedClock,
  type Line,
  builtinLine,
  calendarOf,
  compileLine,
  hasDueClock,
  isEnded,
  needsClock,
} from "../src/index.ts";
import { openBetween } from "../src/calendar/calendar.ts";
import { DrivenCase, at } from "./given.ts";

type DrawnEvent = readonly [type: EventType, data: Record<string, unknown>];

const northtel = { party: "northtel", automated: false };
const orchard = { party: "orchard", automated: false };
const program = { party: "northtel", automated: true };
const pending = { from: "acknowledged", to: "pending" };
const drawnEvents: readonly DrawnEvent[] = [
  ["handling.started", { handlingId: "a", channel: "phone", actor: northtel }],
  ["handling.continued", { handlingId: "a", channel: "phone", actor: northtel }],
  ["handling.ended", { handlingId: "a", channel: "phone", actor: northtel }],
  ["handling.started", { handlingId: "b", channel: "chat", actor: orchard }],
  ["entry.added", { kind: "fact", by: "party", news: true, actor: northtel }],
  ["entry.added", { kind: "note", by: "party", news: true, actor: orchard }],
  ["case.contacted", { channel: "mail", direction: "outbound", content: "answer", actor: northtel }],
  ["case.contacted", { channel: "mail", direction: "inbound", content: "inquiry", actor: northtel }],
  ["case.status-changed", { ...pending, actor: northtel }],
  ["case.status-changed", { ...pending, waitingOn: "customer", maximum: "PT40M", actor: northtel }],
  ["case.status-changed", { ...pending, waitingOn: "vendor", actor: program }],
  ["case.status-changed", { from: "pending", to: "held", actor: northtel }],
  ["case.status-changed", { from: "pending", to: "inProgress", actor: northtel }],
  ["case.severity-changed", { from: "minor", to: "critical", actor: northtel }],
  ["case.severity-changed", { from: "critical", to: "major", actor: orchard }],
  ["case.moved", { actor: northtel }],
  ["case.moved", { actor: program }],
  ["promise.made", { promisor: "orchard", actor: orchard }],
  ["promise.delivered", { promisor: "orchard", evidence: "here", kept: true, actor: orchard }],
  ["promise.withdrawn", { promisor: "orchard", reason: "no", actor: orchard }],
  ["case.resolved", { from: "inProgress", actor: northtel }],
  ["case.confirmed", { actor: northtel }],
  ["case.reopened", { from: "resolved", reason: "still broken", actor: northtel }],
  ["case.closed", { from: "resolved", reason: "by-carrier", actor: northtel }],
  ["crossing.requested", { asOf: 1, actor: northtel }],
  ["handoff.offered", { vendor: "orchard", acceptWithin: "PT90S", actor: northtel }],
  ["handoff.offered", { vendor: "orchard", actor: northtel }],
  ["handoff.renewed", { vendor: "orchard", actor: orchard }],
  ["handoff.info-requested", { vendor: "orchard", code: "needs-log", items: [], actor: orchard }],
  ["handoff.info-provided", { vendor: "orchard", bestEffort: false, actor: northtel }],
  ["handoff.accepted", { vendor: "orchard", actor: orchard }],
  ["handoff.returned", { vendor: "orchard", actor: orchard }],
  ["handoff.transferred", { vendor: "orchard", to: "quill.care", actor: orchard }],
  ["handoff.withdrawn", { vendor: "orchard", reason: "overtaken", actor: northtel }],
  ["handoff.resolved", { vendor: "orchard", fixCode: "x", actor: orchard }],
  ["joint.declared", { accountable: "northtel", parties: ["northtel", "orchard"], returns: 2, actor: program }],
  ["joint.session-held", { parties: ["northtel", "orchard"], outcome: "found", actor: orchard }],
  ["roster.paged", { roster: "orchard.duty", reason: "step", acceptWithin: "PT10M", actor: program }],
  ["last-resort.called", { call: 1, next: "PT1M", addresses: [], actor: northtel }],
  ["handoff.taken", { actor: northtel }],
  ["incident.joined", { incidentId: "ic_1", leadCaseId: "cs_2", holder: "orchard", reason: "alike", actor: program }],
  ["incident.joined", { incidentId: "ic_2", leadCaseId: "cs_3", holder: "northtel", reason: "alike", actor: northtel }],
  ["incident.held", { incidentId: "ic_1", holder: "quill", actor: program }],
  ["incident.left", { incidentId: "ic_1", cause: "removed", reason: "other", actor: northtel }],
  ["incident.left", { incidentId: "ic_2", cause: "lead-ended", actor: program }],
];
const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_600_000 }), fc.nat({ max: drawnEvents.length - 1 })), {
  maxLength: 40,
});

const care = {
  ref: { party: "northtel", name: "care", version: 3 },
  document: calendarDocument.parse({
    calendar: "care",
    zone: "America/Toronto",
    week: { sat: ["08:00-12:00", "13:00-23:00"], sun: ["06:00-22:00"], mon: ["00:00-24:00"] },
  }),
};

/** Clocks of every kind. The clocks count in open hours and have every pause that a line can name. */
const clocks: LineDocument["clocks"] = [
  {
    kind: "first-response",
    target: { live: "PT15M", critical: "PT15M", else: "PT4H" },
    warnAt: [50],
    calendar: "care",
  },
  { kind: "next-update", target: { critical: "PT20M", else: "PT1H" }, warnAt: [] },
  { kind: "stall.busy", target: "PT4M", warnAt: [50, 75], pausedWhile: ["offered", "accepted"] },
  { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [33] },
  {
    kind: "resolution",
    target: { critical: "PT1H", major: "PT2H", else: "PT8H" },
    warnAt: [25, 50],
    calendar: "care",
    pausedWhile: ["customer", "vendor", "held", "accepted"],
  },
  { kind: "vendor.acceptance", target: { critical: "PT5M", else: "PT1H" }, warnAt: [50], calendar: "care" },
];
const whole = compileLine(
  { carrier: "northtel", name: "whole", version: 1 },
  {
    line: "whole",
    mode: "cross",
    calendar: "24x7",
    clocks,
    crossing: [],
    lastResort: [],
    needBy: { cure: "PT6H", hours: "care", margin: "PT30M" },
  },
  { care },
);
const lines: readonly Line[] = [builtinLine, whole];
const story = fc.record({ steps, begins: fc.nat({ max: 1 }), hasNeedBy: fc.boolean() });
type Story = (typeof story extends fc.Arbitrary<infer Drawn> ? Drawn : never) & { readonly begins: number };

/** Plays a story. Between two events the process can wake once. This wakeup must not change the firings. */
function play(
  { steps: happened, begins, hasNeedBy }: Story,
  wakes: (index: number) => number | undefined = () => undefined,
  watch: (driven: DrivenCase) => void = () => {},
): DrivenCase {
  const needBy = hasNeedBy ? { needBy: formatInstant(at("+1 06:00")) } : {};
  const driven = new DrivenCase(lines[begins] ?? builtinLine).open("09:00", needBy);
  let time = at("09:00");
  const ids = { handoffId: "ho_none", promiseId: "pr_none", pageId: "pg_none" };
  for (const [index, [gap, which]] of happened.entries()) {
    const part = wakes(index);
    if (part !== undefined) watch(driven.until(time + Math.floor(gap * part)));
    time += gap;
    const [type, data] = drawnEvents[which] as DrawnEvent;
    if (type === "case.moved") {
      driven.move(time, driven.line === whole ? builtinLine : whole, data);
    } else {
      if (type === "handoff.offered") ids.handoffId = `ho_${index}`;
      if (type === "promise.made") ids.promiseId = `pr_${index}`;
      if (type === "roster.paged") ids.pageId = `pg_${index}`;
      driven.event(time, type, { ...data, ...ids, until: formatInstant(time + 2 * gap) });
    }
    // Intake confirms and closes the case in one decision.
    if (type === "case.confirmed")
      driven.event(time, "case.closed", { from: "resolved", reason: "confirmed", ...data });
    watch(driven);
  }
  return driven;
}

test("9: the firings depend only on the history of the case, not on the instants at which a process wakes", () => {
  fc.assert(
    fc.property(story, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (drawn, wakes) => {
      const asleep = play(drawn);
      const awake = play(drawn, (index) => (wakes[index] === true ? 0.5 : undefined));
      expect(awake.messages).toEqual(asleep.messages);
      expect(awake.state).toEqual(asleep.state);
    }),
    { numRuns: 300 },
  );
});

test("2: every firing has its own id, and sequences increase by one", () => {
  fc.assert(
    fc.property(story, (drawn) => {
      const { messages } = play(drawn);
      const ids = messages.flatMap((message) => (isFiring(message) ? [message.data.firingId] : []));
      expect(new Set(ids).size).toBe(ids.length);
      expect(messages.map(({ sequence }) => sequence)).toEqual(messages.map((_, index) => index + 1));
    }),
    { numRuns: 300 },
  );
});

test("3: an open case under a crossing line always has a clock that will fire, and every pause ends", () => {
  fc.assert(
    fc.property(story, (drawn) => {
      play(drawn, undefined, ({ state, line }) => {
        if (state === undefined || isEnded(state.status)) return;
        expect(!needsClock(state, line) || hasDueClock(state, line)).toBe(true);
        expect(state.clocks.length).toBeGreaterThan(0);
        const isPassed = state.status === "pending" || state.member !== undefined;
        expect(!isPassed || state.clocks.some(({ kind }) => kind === "information")).toBe(true);
        expect(state.member === undefined || state.clocks.every(({ kind }) => !kind.startsWith("stall"))).toBe(true);
      });
    }),
    { numRuns: 300 },
  );
});

test("the timer publishes firings in the order of their deadlines", () => {
  fc.assert(
    fc.property(story, (drawn) => {
      const due = play(drawn).messages.map(({ time }) => time);
      expect(due).toEqual(due.toSorted((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});

/** Returns the open time that a clock has counted until `dueAt`, in the hours of the clock. */
function countedBy(clock: Clock | EndedClock, dueAt: number, line: Line): number {
  const calendar = calendarOf(line, clock);
  return clock.counted.reduce(
    (sum, { from, to = Infinity }) => sum + openBetween(calendar, from, Math.min(to, dueAt)),
    0,
  );
}

test("6: a clock fires when its intervals add up to its share of the target, and no earlier after a change of target, line or start", () => {
  fc.assert(
    fc.property(story, (drawn) => {
      const seen = new Set<string>();
      const check = (driven: DrivenCase): void => {
        const { state, line } = driven;
        for (const clock of [...(state?.clocks ?? []), ...(state?.ended ?? [])]) {
          for (const [index, { dueAt }] of clock.fired.entries()) {
            // The name contains the instant, because a new incarnation keeps the warnings that have fired.
            const name = `${clock.name} ${dueAt} ${index}`;
            if (seen.has(name)) continue;
            seen.add(name);
            const wanted = Math.ceil((clock.targetMs * (clock.thresholds[index] ?? 0)) / 100);
            const counted = countedBy(clock, dueAt, line);
            expect(dueAt === clock.notBefore ? counted >= wanted : counted === wanted).toBe(true);
          }
        }
      };
      // The check runs just before each event, so that each firing is checked under its own line and target.
      play(drawn, () => 1, check);
    }),
    { numRuns: 300 },
  );
});

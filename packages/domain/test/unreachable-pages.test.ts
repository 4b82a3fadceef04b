import {
  type EventType,
  type HandoffEvent,
  type LineDocument,
  type QueueEvent,
  derivedId,
  topics,
} from "@crossline/contracts";
import { expect, test } from "vitest";
import { type CaseCrossing, type CrossingInput, react, waitFor } from "../src/index.ts";
import type { PeopleOnDuty } from "../src/handoff/deps.ts";
import { at, caseId, clockTime, line } from "./given.ts";
import { unstaffed } from "./unstaffed.ts";

const actor = { party: "northtel", automated: false };
const step = (to: `queue:${string}` | `roster:${string}`, more = {}) => ({
  to,
  mode: "ticket" as const,
  repeat: 1,
  ...more,
});

/** Runs routing's rules on a case. Each roster has one person on duty, whose name is the name of the roster. */
class PagedCase {
  state: CaseCrossing | undefined;
  readonly messages: (HandoffEvent | QueueEvent)[] = [];
  readonly #line;
  readonly #empty: readonly string[];
  readonly #sequences: Record<string, number> = {};

  constructor(document: Partial<LineDocument>, empty: readonly string[] = []) {
    this.#line = line({ clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }], ...document });
    this.#empty = empty;
    const words = { carrierCaseId: "NT-1", kind: "fault", title: "dead", channel: "phone", status: "acknowledged" };
    this.event("09:00", "case.opened", { carrier: "northtel", severity: "major", line: this.#line.ref, ...words });
  }

  #onDuty = (name: string): PeopleOnDuty => ({
    exists: true,
    people: this.#empty.includes(name) ? [] : [{ person: name, name }],
  });

  event(time: string, type: EventType, data: Record<string, unknown> = {}): this {
    const noun = type.startsWith("clock.") ? "clock" : type.startsWith("page.") ? "page" : "case";
    const sequence = (this.#sequences[noun] = (this.#sequences[noun] ?? 0) + 1);
    const envelope = { topic: topics[noun], key: caseId, sequence, type, time: at(time), timeline: "wall" };
    const event = { ...envelope, data: { actor, ...data } } as unknown as CrossingInput;
    const deps = { ...unstaffed, line: this.#line, onDuty: this.#onDuty };
    const { state, messages } = react(this.state, event, deps, at(time));
    this.state = state;
    this.messages.push(...messages);
    return this;
  }

  breach(time: string, kind: string, incarnation = "case/1"): this {
    return this.event(time, "clock.breached", { kind, clock: kind, incarnation, firingId: `fir ${time}` });
  }

  /** Reports a page as unreachable. `back` is the number of pages after this page, and is 0 by default. */
  unreachable(time: string, back = 0): this {
    return this.event(time, "page.unreachable", { pageId: this.pages.at(-1 - back)?.data.pageId });
  }

  get pages() {
    return this.messages.filter((message) => message.type === "roster.paged");
  }

  get published(): string[] {
    return this.messages
      .filter(({ type }) => !type.startsWith("queue."))
      .map((message) => {
        const what =
          message.type === "roster.paged"
            ? `${message.data.reason} ${message.data.roster}`
            : message.type === "handoff.offered"
              ? `offered: ${message.data.reason}`
              : message.type;
        return `${clockTime(message.time)} ${what}`;
      });
  }
}

const stepped: Partial<LineDocument> = {
  crossing: [
    step("roster:orchard.duty", { acceptWithin: "PT5M", repeat: 3 }),
    step("roster:orchard.second", { acceptWithin: "PT5M" }),
    step("queue:quill.care"),
  ],
  lastResort: ["roster:northtel.duty", "roster:northtel.boss"],
};

test("⚠ after an unreachable page of a step, routing takes the next step at once and does not page the same roster again", () => {
  const given = new PagedCase(stepped).breach("09:20", "stall.busy").unreachable("09:21").unreachable("09:22");
  expect(given.published).toEqual([
    "09:20 step orchard.duty",
    "09:21 step orchard.second",
    "09:22 offered: unreachable",
  ]);
  expect(given.state?.waits).toMatchObject({ for: "handoff" });
});

test("routing reacts once to each unreachable page, and not to an ended page", () => {
  const given = new PagedCase(stepped).breach("09:20", "stall.busy").unreachable("09:21").unreachable("09:21", 1);
  expect(given.published).toEqual(["09:20 step orchard.duty", "09:21 step orchard.second"]);
  const first = given.pages[0]?.data.pageId ?? "";
  given.breach("09:25", "vendor.acceptance", first);
  expect(given.published).toHaveLength(2);
  given.event("09:26", "case.resolved", { from: "inProgress" }).unreachable("09:27");
  expect(given.published).toHaveLength(2);
});

test("the events that follow an unreachable page have only records of the case and its clocks as causes", () => {
  const given = new PagedCase(stepped).breach("09:20", "stall.busy").unreachable("09:21");
  expect(given.pages[1]).toMatchObject({
    after: [
      { topic: topics.case, sequence: 1 },
      { topic: topics.clock, sequence: 1 },
    ],
  });
  expect(given.state?.read).toEqual({ case: 1, clock: 1 });
});

test("if the pages of every step are unreachable, routing calls the last resort, and unreachable pages of the last resort only raise the alarm", () => {
  const given = new PagedCase({ ...stepped, crossing: [step("roster:orchard.duty", { acceptWithin: "PT5M" })] });
  given.breach("09:20", "stall.busy").unreachable("09:21");
  const expected = [
    "09:20 step orchard.duty",
    "09:21 line.exhausted",
    "09:21 last-resort.called",
    "09:21 last-resort northtel.duty",
    "09:21 last-resort northtel.boss",
  ];
  expect(given.published).toEqual(expected);
  expect(given.unreachable("09:22", 1).unreachable("09:22").published).toEqual(expected);
  given.breach("09:23", "last-resort", `handoff/${waitFor(given.state, "last-resort")?.sequence}`);
  expect(given.published.slice(-2)).toEqual(["09:23 last-resort northtel.duty", "09:23 last-resort northtel.boss"]);
});

const owed: Partial<LineDocument> = {
  crossing: [step("queue:quill.care")],
  lastResort: ["roster:northtel.duty", "roster:northtel.empty", "roster:orchard.duty"],
  needBy: { cure: "PT1H", emergency: "roster:orchard.emergency" },
};

test("after an unreachable page for a deadline, routing pages each further roster once", () => {
  const given = new PagedCase(owed, ["northtel.empty"]).breach("09:30", "need-by");
  for (const time of ["09:31", "09:32", "09:33", "09:34"]) given.unreachable(time);
  expect(given.published).toEqual([
    "09:30 emergency orchard.emergency",
    "09:31 need-by northtel.duty",
    "09:32 need-by northtel.empty",
    "09:32 need-by orchard.duty",
  ]);
  expect(given.pages.map(({ data }) => data.firingId)).toEqual(given.pages.map(() => "fir 09:30"));
});

test("routing pages the next rosters for two deadlines independently, even if both are due at the same time", () => {
  const given = new PagedCase({ ...owed, needBy: { cure: "PT1H" } }, ["northtel.empty"]);
  given.breach("09:30", "promise").breach("09:31", "joint").unreachable("09:32", 2);
  given.unreachable("09:33", 2);
  expect(given.published).toEqual([
    "09:30 promise northtel.duty",
    "09:31 joint northtel.empty",
    "09:31 joint orchard.duty",
    "09:32 promise northtel.empty",
    "09:32 promise orchard.duty",
    "09:33 joint northtel.duty",
  ]);
});

test("if the clock is paused when its page is unreachable, routing pages no further roster", () => {
  const given = new PagedCase(owed).breach("09:30", "need-by").event("09:31", "case.resolved", { from: "inProgress" });
  expect(given.unreachable("09:32").published).toEqual(["09:30 emergency orchard.emergency"]);
});

test("an unknown page and a page of another case change nothing", () => {
  const given = new PagedCase(stepped).breach("09:20", "stall.busy");
  const { published } = given;
  given.event("09:21", "page.unreachable", { pageId: derivedId("pg", "cs_2", 1) });
  expect(given.published).toEqual(published);
});

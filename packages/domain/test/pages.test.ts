import {
  type EventType,
  type HandoffEvent,
  type LineDocument,
  type QueueEvent,
  type Severity,
  topics,
} from "@crossline/contracts";
import { expect, test } from "vitest";
import {
  type CaseCrossing,
  type CrossingInput,
  isRefused,
  openHandoffOf,
  react,
  takeByPerson,
  waitFor,
  wasPaged,
} from "../src/index.ts";
import type { PeopleOnDuty } from "../src/handoff/deps.ts";
import { at, caseId, clockTime, line } from "./given.ts";
import { unstaffed } from "./unstaffed.ts";

const carrier = { party: "northtel", automated: false };
const ada = { name: "Ada Lovett", contact: "ada@orchard.example" };
const queue = (name: `queue:${string}`) => ({ to: name, mode: "ticket" as const, repeat: 1 });
const roster = (name: `roster:${string}`, more = {}) => ({ to: name, mode: "ticket" as const, repeat: 1, ...more });

/** For each roster: the people on duty, the people in quiet hours, and the severities whose pages ignore quiet hours. */
type Duty = Readonly<Record<string, { awake?: string[]; quiet?: string[]; wakenBy?: Severity[] }>>;

/** Runs routing's rules on a case whose line has rosters. */
class PagedCase {
  state: CaseCrossing | undefined;
  readonly messages: (HandoffEvent | QueueEvent)[] = [];
  readonly #line;
  readonly #duty: Duty;
  readonly #sequences = { case: 0, clock: 0 };

  constructor(document: Partial<LineDocument>, duty: Duty, severity: Severity = "major") {
    this.#line = line({ clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }], ...document });
    this.#duty = duty;
    const words = { carrierCaseId: "NT-1", kind: "fault", title: "dead", channel: "phone", status: "acknowledged" };
    this.event("09:00", "case.opened", { carrier: "northtel", severity, line: this.#line.ref, ...words });
  }

  #onDuty = (name: string, _at: number, through: boolean): PeopleOnDuty => {
    const { awake = [], quiet = [], wakenBy = [] } = this.#duty[name] ?? {};
    const people = [...awake, ...(through ? quiet : [])].map((person) => ({ person, name: person }));
    return { exists: name in this.#duty, people, wakenBy };
  };

  event(time: string, type: EventType, data: Record<string, unknown> = {}): this {
    const topic = type.startsWith("clock.") ? "clock" : "case";
    const sequence = ++this.#sequences[topic];
    const envelope = { topic: topics[topic], key: caseId, sequence, type, time: at(time), timeline: "stp_1" };
    const event = { ...envelope, data: { actor: carrier, ...data } } as unknown as CrossingInput;
    const { state, messages } = react(this.state, event, { ...unstaffed, line: this.#line, onDuty: this.#onDuty }, 0);
    this.state = state;
    this.messages.push(...messages);
    return this;
  }

  breach(time: string, kind: string, incarnation = "case/1"): this {
    return this.event(time, "clock.breached", { kind, clock: kind, incarnation, firingId: `fir ${time}` });
  }

  get pageId(): string {
    return waitFor(this.state, "page")?.id ?? "no page is open";
  }

  /** The published events: "09:20 step orchard.duty: ada" for a page, "09:20 handoff.offered" for any other event. */
  get published(): string[] {
    return this.messages
      .filter(({ type }) => !type.startsWith("queue."))
      .map((message) => {
        if (message.type !== "roster.paged") return `${clockTime(message.time)} ${message.type}`;
        const { reason, roster: name, people, throughQuietHours } = message.data;
        return `${clockTime(message.time)} ${reason}${throughQuietHours ? "!" : ""} ${name}: ${people.join(" ") || "nobody"}`;
      });
  }
}

const steps = {
  crossing: [
    roster("roster:orchard.duty", { acceptWithin: "PT5M", repeat: 2 }),
    roster("roster:orchard.empty"),
    queue("queue:quill.care"),
  ],
  lastResort: ["roster:northtel.duty" as const, "https://duty.northtel.example/"],
};
const duty = { "orchard.duty": { awake: ["ada"] }, "orchard.empty": {}, "northtel.duty": { awake: ["ben"] } };

test("a step with a roster pages as often as its repetitions say, and the next step follows", () => {
  const given = new PagedCase(steps, duty).breach("09:20", "stall.busy");
  expect(given.messages[0]).toMatchObject({
    type: "roster.paged",
    data: { pageId: given.pageId, step: 0, attempt: 0, acceptWithin: "PT5M", nobody: false, people: ["ada"] },
  });
  given.breach("09:25", "vendor.acceptance", given.pageId).breach("09:30", "vendor.acceptance", given.pageId);
  expect(given.published).toEqual([
    "09:20 step orchard.duty: ada",
    "09:25 step orchard.duty: ada",
    "09:30 step orchard.empty: nobody",
    "09:30 handoff.offered",
  ]);
});

test("⚠ a roster without a person on duty is skipped at once and starts no clock", () => {
  const given = new PagedCase(
    { ...steps, crossing: [roster("roster:orchard.empty", { acceptWithin: "PT5M", repeat: 3 })] },
    duty,
  );
  given.breach("09:20", "stall.busy");
  expect(given.published).toEqual([
    "09:20 step orchard.empty: nobody",
    "09:20 line.exhausted",
    "09:20 last-resort.called",
    "09:20 last-resort northtel.duty: ben",
  ]);
  expect(given.messages[0]?.data).toMatchObject({ nobody: true, people: [] });
  expect(given.messages[0]?.data).not.toHaveProperty("acceptWithin");
  expect(given.messages[0]?.data).not.toHaveProperty("subject");
});

test("while a page is open, the breach of an earlier page and other reasons for a crossing have no effect", () => {
  const given = new PagedCase(steps, duty).breach("09:20", "stall.busy");
  const first = given.pageId;
  given
    .breach("09:22", "stall.idle")
    .breach("09:25", "vendor.acceptance", first)
    .breach("09:26", "vendor.acceptance", first);
  expect(given.published).toEqual(["09:20 step orchard.duty: ada", "09:25 step orchard.duty: ada"]);
});

const stepsLine = line({ clocks: [], ...steps });
const take = (state: CaseCrossing, actor: typeof carrier, time: string) =>
  takeByPerson(state, { engineer: ada, actor }, { ...unstaffed, line: stepsLine }, at(time));

test("a take after a page of a step ends the pages", () => {
  const given = new PagedCase(steps, duty);
  const before = given.state as CaseCrossing;
  expect(take(before, carrier, "09:10")).toMatchObject({ refused: { code: "illegal_transition" } });
  expect(take(before, { ...carrier, party: "orchard" }, "09:10")).toMatchObject({
    refused: { code: "not_found" },
  });
  expect(wasPaged(before, "orchard")).toBe(false);
  given.breach("09:20", "stall.busy");
  const { pageId, state } = given;
  const taken = take(state as CaseCrossing, { ...carrier, party: "orchard" }, "09:21");
  if (isRefused(taken)) throw new Error(taken.refused.detail);
  expect(taken.messages).toMatchObject([{ type: "handoff.taken" }]);
  expect(wasPaged(taken.state, "orchard")).toBe(true);
  given.state = taken.state;
  expect(given.breach("09:25", "vendor.acceptance", pageId).published).toEqual(["09:20 step orchard.duty: ada"]);
});

test("⚠ each call of the last resort pages its rosters until a person takes the case", () => {
  const given = new PagedCase({ ...steps, crossing: [roster("roster:orchard.empty")] }, duty).breach(
    "09:20",
    "stall.busy",
  );
  given.breach("09:21", "last-resort", `handoff/${waitFor(given.state, "last-resort")?.sequence}`);
  expect(given.published.slice(-2)).toEqual(["09:21 last-resort.called", "09:21 last-resort northtel.duty: ben"]);
  expect(given.messages.at(-1)?.data).toMatchObject({ reason: "last-resort", call: 2 });
  expect(given.messages.at(-2)?.data).toMatchObject({ addresses: ["https://duty.northtel.example/"] });
});

test("a resolution ends the page of a step", () => {
  const given = new PagedCase(steps, duty).breach("09:20", "stall.busy");
  const { pageId } = given;
  given.event("09:21", "case.resolved", { from: "inProgress" }).breach("09:25", "vendor.acceptance", pageId);
  expect(given.published).toEqual(["09:20 step orchard.duty: ada"]);
  expect(waitFor(given.state, "page")).toBeUndefined();
});

test("⚠ breaches of `need-by` and `promise` page the next roster, and an open hand-off stays open", () => {
  const given = new PagedCase(
    {
      crossing: [queue("queue:quill.care")],
      lastResort: ["roster:northtel.duty", "roster:northtel.empty", "roster:orchard.duty"],
      needBy: { cure: "PT1H", emergency: "roster:orchard.emergency" },
    },
    { ...duty, "northtel.empty": {}, "orchard.emergency": { quiet: ["eve"] } },
  );
  given.breach("09:20", "stall.busy").breach("09:30", "need-by").breach("09:40", "promise").breach("09:50", "joint");
  given.breach("09:55", "promise");
  expect(given.published).toEqual([
    "09:20 handoff.offered",
    "09:30 emergency! orchard.emergency: eve",
    "09:40 promise northtel.duty: ben",
    "09:50 joint northtel.empty: nobody",
    "09:50 joint orchard.duty: ada",
    "09:55 promise northtel.duty: ben",
  ]);
  expect(openHandoffOf(given.state)?.phase).toBe("offered");
});

test("a roster sets the severity from which a page ignores quiet hours", () => {
  const given = (severity: Severity) =>
    new PagedCase(steps, { ...duty, "orchard.duty": { quiet: ["ada"], wakenBy: ["critical"] } }, severity)
      .breach("09:20", "stall.busy")
      .published.slice(0, 1);
  expect(given("critical")).toEqual(["09:20 step! orchard.duty: ada"]);
  expect(given("major")).toEqual(["09:20 step orchard.duty: nobody"]);
});

test("an ended case and a case under an observing line cause no page", () => {
  const ended = new PagedCase({ ...steps, needBy: { cure: "PT1H" } }, duty);
  ended.event("09:21", "case.closed", { from: "inProgress", reason: "by-carrier" }).breach("09:30", "promise");
  expect(ended.published).toEqual([]);
  const observed = new PagedCase({ mode: "observe" }, duty).breach("09:30", "promise");
  expect(observed.published).toEqual([]);
});

import { type EventData, type LineDocument, formatInstant, topics } from "@crossline/contracts";
import {
  type CaseCrossing,
  type CrossingInput,
  compileLine,
  openHandoffOf,
  react,
  timesByHolder,
} from "@crossline/domain";
import { expect, test } from "vitest";
import { unstaffed } from "./unstaffed.ts";

const start = Date.UTC(2026, 2, 7, 14);
const minute = 60_000;
const caseId = "cs_00000000000000000000000000";
const actor = { party: "northtel", automated: false };

function lineWith(more: Partial<LineDocument>) {
  return compileLine(
    { carrier: "northtel", name: "handheld", version: 1 },
    {
      line: "handheld",
      mode: "cross",
      calendar: "24x7",
      clocks: [],
      crossing: [{ to: "queue:orchard.handheld", mode: "ticket", repeat: 1 }],
      lastResort: ["https://northtel.example/duty"],
      ...more,
    },
  );
}

/** Applies events, each at a number of minutes after the opening. `lag` is the time between an event and its decision. */
function play(line: ReturnType<typeof lineWith>, events: readonly (readonly [number, string, object])[], lag = 0) {
  const opened: EventData<"case.opened"> = {
    actor,
    carrier: "northtel",
    carrierCaseId: "N-1",
    kind: "fault",
    severity: "critical",
    title: "dead",
    channel: "phone",
    line: line.ref,
    lineReason: "named",
    status: "acknowledged",
  };
  let state: CaseCrossing | undefined;
  const messages: { type: string; time: number; data: unknown }[] = [];
  for (const [index, [at, type, data]] of [[0, "case.opened", opened] as const, ...events].entries()) {
    const time = start + at * minute;
    const event = { topic: topics.case, key: caseId, sequence: index + 1, type, time, timeline: "wall", data };
    const decision = react(state, event as unknown as CrossingInput, { ...unstaffed, line }, time + lag);
    state = decision.state;
    messages.push(...decision.messages);
  }
  if (state === undefined) throw new Error("the history is empty");
  return { state, messages };
}

const crossed = [1, "crossing.requested", { actor, asOf: 1 }] as const;
const closed = [10, "case.closed", { actor, from: "acknowledged", reason: "by-carrier" }] as const;
const reopened = [30, "case.reopened", { actor, from: "closed", reason: "broken again" }] as const;

test.each([
  ["open", [], 60],
  ["closed after 10 minutes", [closed], 10],
  ["reopened 20 minutes after its closing", [closed, reopened], 40],
])("if the case is %s, the times by holder add up to the time for which the case was open", (_, events, minutes) => {
  const { state } = play(lineWith({}), events);
  expect(timesByHolder(state, start + 60 * minute)).toEqual({ northtel: minutes * minute });
});

const stepped: LineDocument["crossing"] = [
  { to: "queue:orchard.handheld", mode: "ticket", repeat: 1, acceptWithin: "PT90S" },
];
const clock: LineDocument["clocks"][number] = {
  kind: "vendor.acceptance",
  target: { critical: "PT2M", else: "PT9M" },
  warnAt: [],
};

test.each<[string, Partial<LineDocument>, number]>([
  ["the time of its step", { crossing: stepped }, 1.5],
  ["the line's clock", { clocks: [clock] }, 2],
  ["the implied clock", {}, 5],
])("the deadline of an offer follows %s", (_, line, minutes) => {
  const { state, messages } = play(lineWith(line), [crossed]);
  const acceptBy = start + (1 + minutes) * minute;
  expect(openHandoffOf(state)?.acceptBy).toBe(acceptBy);
  const offers = messages.filter(({ type }) => type === "queue.offered").map(({ data }) => data);
  expect(offers).toMatchObject([{ acceptBy: formatInstant(acceptBy) }]);
});

test("on the wall timeline no event is earlier than the previous event, even if the clock of Postgres is behind", () => {
  const note = { actor, entryId: "en_1", kind: "note", audience: "internal", by: "party", news: true };
  const { messages } = play(lineWith({}), [[5, "entry.added", note], crossed], -10 * minute);
  expect(messages.map(({ time }) => time)).toEqual([start + 5 * minute, start + 5 * minute]);
});

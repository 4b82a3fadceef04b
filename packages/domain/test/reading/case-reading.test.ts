import { type CaseEvent, type HandoffEvent, topics } from "@crossline/contracts";
import { expect, test } from "vitest";
import { type CaseReading, nextReading, openReading, accessChanges, accessOf } from "../../src/index.ts";
import { type CaseAccess, rolesIn } from "../../src/reading/case-reading.ts";

type EventSpec = readonly [type: string, data?: Record<string, unknown>];

/** Returns the reading of a northtel case after these events. The events have only the fields on which the reading depends. */
function after(...events: readonly EventSpec[]): CaseReading {
  return events.reduce((reading, [type, data = {}]) => follow(reading, type, data), openReading("northtel"));
}

function follow(reading: CaseReading, type: string, data: Record<string, unknown> = {}): CaseReading {
  const isCase = type.startsWith("case.") || type.startsWith("promise.");
  const event = { topic: isCase ? topics.case : topics.handoff, type, data };
  return nextReading(reading, event as unknown as CaseEvent | HandoffEvent);
}

const orchard = { vendor: "orchard" };
const quill = { vendor: "quill" };
const offered: EventSpec = ["handoff.offered", orchard];
const accepted: EventSpec = ["handoff.accepted", orchard];
const resolved: EventSpec = ["handoff.resolved", orchard];
const closed: EventSpec = ["case.closed"];
const reopened: EventSpec = ["case.reopened"];
const joint: EventSpec = ["joint.declared", { parties: ["northtel", "orchard"] }];

const table: readonly (readonly [
  name: string,
  events: readonly EventSpec[],
  access: CaseAccess,
  roles: readonly string[],
])[] = [
  ["no crossing", [], "nothing", ["stranger"]],
  ["an open offer", [offered], "whole", ["asked"]],
  ["a lapsed offer", [offered, ["handoff.lapsed", orchard]], "as-of-its-end", ["former"]],
  ["a rejected offer", [offered, ["handoff.rejected", orchard]], "as-of-its-end", ["former"]],
  ["a withdrawn offer", [offered, ["handoff.withdrawn", orchard]], "as-of-its-end", ["former"]],
  ["a second offer", [offered, ["handoff.lapsed", orchard], offered], "whole", ["asked"]],
  ["an acceptance", [offered, accepted], "whole", ["holder", "asked"]],
  ["a return", [offered, accepted, ["handoff.returned", orchard]], "as-of-its-end", ["former"]],
  ["a transfer, which keeps the holder", [offered, accepted, ["handoff.transferred", orchard]], "whole", ["holder"]],
  [
    "a transfer that another vendor accepted",
    [offered, accepted, ["handoff.transferred", orchard], ["handoff.offered", quill], ["handoff.accepted", quill]],
    "as-of-its-end",
    ["former"],
  ],
  ["a fix", [offered, accepted, resolved], "whole", ["cured"]],
  ["a confirmed fix", [offered, accepted, resolved, ["handoff.confirmed", orchard]], "as-of-its-end", ["former"]],
  ["a reopened fix", [offered, accepted, resolved, reopened], "whole", ["cured"]],
  [
    "a reopened fix and an offer to another vendor",
    [offered, accepted, resolved, reopened, ["handoff.offered", quill]],
    "whole",
    ["cured"],
  ],
  [
    "a reopened fix and an acceptance by another vendor",
    [offered, accepted, resolved, reopened, ["handoff.offered", quill], ["handoff.accepted", quill]],
    "as-of-its-end",
    ["former"],
  ],
  ["a closing", [offered, accepted, resolved, closed], "as-of-its-end", ["former"]],
  ["a cancellation", [offered, ["case.status-changed", { to: "cancelled" }]], "as-of-its-end", ["former"]],
  ["another status", [offered, ["case.status-changed", { to: "pending" }]], "whole", ["asked"]],
  ["a reopening of a closed case", [offered, accepted, resolved, closed, reopened], "as-of-its-end", ["former"]],
  ["a late acceptance of a closed case", [offered, closed, accepted], "as-of-its-end", ["former"]],
  ["a joint case", [offered, accepted, ["handoff.returned", orchard], joint], "whole", ["joint"]],
  [
    "a closed joint case",
    [offered, accepted, ["handoff.returned", orchard], joint, closed],
    "as-of-its-end",
    ["former"],
  ],
  ["a reopened joint case", [offered, joint, closed, reopened], "whole", ["joint"]],
];

test.each(table)("after %s the vendor's access follows its part", (_, events, access, roles) => {
  const reading = after(...events);
  expect([accessOf(reading, "orchard"), rolesIn(reading, "orchard")]).toEqual([access, roles]);
});

test("the carrier always reads the whole case, and another company reads nothing", () => {
  for (const [, events] of table) {
    expect(accessOf(after(...events), "northtel")).toBe("whole");
    expect(accessOf(after(...events), "westcall")).toBe("nothing");
  }
});

test("an event reports one change of access if it ends a vendor's last part or starts a new part", () => {
  const before = after(offered, accepted, resolved);
  const over = follow(before, "case.closed");
  expect(accessChanges(before, over)).toEqual([{ vendor: "orchard", is: "as-of-its-end" }]);
  expect(accessChanges(over, follow(over, "handoff.confirmed", orchard))).toEqual([]);
  const begun = follow(over, "case.reopened");
  expect(accessChanges(over, begun)).toEqual([]);
  expect(accessChanges(begun, follow(begun, "handoff.offered", orchard))).toEqual([{ vendor: "orchard", is: "whole" }]);
});

test("a vendor can read its open promise until it is delivered or withdrawn", () => {
  const made: EventSpec = ["promise.made", { promiseId: "pr_1", promisor: "orchard" }];
  expect(after(offered, accepted, made, closed).promised).toEqual({ pr_1: "orchard" });
  expect(after(offered, accepted, made, ["promise.delivered", { promiseId: "pr_1" }]).promised).toEqual({});
});

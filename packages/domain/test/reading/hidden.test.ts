import { type Message, type ReceivedMessage, messageId, topics, wall } from "@crossline/contracts";
import { expect, test } from "vitest";
import { onlyReaderOf, readableCase } from "../../src/index.ts";

const key = "cs_01m8j3sp5028814gzz9ssm8hkr";
const program = { party: "northtel", automated: true };
const line = { carrier: "northtel", name: "default", version: 1 };
const incident = { actor: program, incidentId: "ic_1" };

function received(topic: string, type: string, sequence: number, data: object): ReceivedMessage {
  const message: Message = { topic, key, sequence, type, time: sequence, timeline: wall, data };
  return { ...message, id: messageId(message), partition: 0 };
}

/** A case whose vendor has a part in it, and which was a member of an incident before. */
const facts: readonly ReceivedMessage[] = [
  received(topics.case, "case.opened", 1, { actor: program, carrier: "northtel", line }),
  received(topics.case, "incident.joined", 2, { ...incident, leadCaseId: "cs_lead", holder: "quill", reason: "alike" }),
  received(topics.case, "incident.held", 3, { ...incident, holder: "northtel" }),
  received(topics.case, "incident.left", 4, { ...incident, cause: "lead-ended" }),
  received(topics.case, "incident.opened", 5, { actor: program, incidentId: "ic_2", cases: 7, reason: "the mast" }),
  received(topics.handoff, "handoff.offered", 1, { actor: program, vendor: "orchard", handoffId: "ho_1" }),
  received(topics.case, "case.contacted", 6, { actor: program, contactId: "ct_1", channel: "mail" }),
];

test("a vendor reads neither the membership of a case in an incident, nor a gap in the sequences", () => {
  const read = readableCase(facts, "orchard")?.facts ?? [];
  expect(read.map(({ type, sequence }) => `${type} ${sequence}`)).toEqual([
    "case.opened 1",
    "incident.opened 2",
    "handoff.offered 1",
    "case.contacted 3",
  ]);
  expect(JSON.stringify(read)).not.toMatch(/cs_lead|ic_1|quill|mast/);
});

test("the carrier reads every record", () => {
  expect(readableCase(facts, "northtel")?.facts).toHaveLength(facts.length);
});

test.each([
  ["incident.joined", incident, "northtel"],
  ["incident.held", incident, "northtel"],
  ["incident.left", incident, "northtel"],
  ["incident.opened", incident, undefined],
  ["incident.counted", incident, undefined],
  ["incident.ended", incident, undefined],
  ["entry.added", { actor: { party: "orchard", automated: false }, chain: "internal" }, "orchard"],
  ["entry.added", { actor: { party: "orchard", automated: false }, chain: "shared" }, undefined],
  ["case.resolved", { actor: program }, undefined],
])("the only reader of %s with %j is %s", (type, data, only) => {
  expect(onlyReaderOf({ type, data })).toBe(only);
});

import { type Message, type ReceivedMessage, derivedId, messageId, topics, wall } from "@crossline/contracts";
import { expect, test } from "vitest";
import { forReader } from "../../src/reading/for-reader.ts";

const key = "cs_01m8j3sp5028814gzz9ssm8hkr";
const firing = (incarnation: string) => derivedId("fir", key, "next-update", incarnation, 50);
function received(topic: string, type: string, sequence: number, data: object): ReceivedMessage {
  const message: Message = { topic, key, sequence, type, time: 0, timeline: wall, data };
  return { ...message, id: messageId(message), partition: 0 };
}
const warned = received(topics.clock, "clock.warned", 3, {
  clock: "next-update",
  incarnation: "case/9",
  firingId: firing("case/9"),
  threshold: 50,
});
const reader = (party: string, hidden: readonly number[]) => ({ party, carrier: "northtel", hidden });

test("the sequence of an event does not count records that are hidden from its reader", () => {
  const event = received(topics.case, "case.contacted", 9, { channel: "mail" });
  expect(forReader(event, reader("orchard", [4, 6, 11]))).toEqual({ ...event, sequence: 7, id: `case/${key}/7` });
  expect(forReader(event, reader("orchard", []))).toBe(event);
});

test("the start of a clock and the firing id that a reader receives do not count records that are hidden from that reader", () => {
  const { data } = forReader(warned, reader("orchard", [4, 6]));
  expect(data).toMatchObject({ incarnation: "case/7", firingId: firing("case/7") });
  const overtaken = { clock: "next-update", incarnation: "case/9", firingIds: [firing("case/9")] };
  const event = received(topics.clock, "clock.overtaken", 4, overtaken);
  expect(forReader(event, reader("northtel", [4])).data).toMatchObject({ firingIds: [firing("case/8")] });
  // Clocks that an offer started, or that started before the first hidden record, are the same for each company.
  for (const incarnation of ["ho_01m8j3sp67cwfp5m4pdstgnt7k", "clock/9", "case/4"]) {
    const same = { ...(warned.data as object), incarnation, firingId: firing(incarnation) };
    const one = received(topics.clock, "clock.warned", 3, same);
    expect(forReader(one, reader("orchard", [4, 6]))).toEqual(one);
  }
});

test("only the carrier receives numbers that count all records", () => {
  const events = [
    received(topics.case, "crossing.requested", 5, { asOf: 4, reason: "please" }),
    received(topics.handoff, "handoff.offered", 1, { vendor: "orchard", firingId: firing("case/9") }),
    received(topics.handoff, "roster.paged", 2, { roster: "orchard.duty", firingId: firing("case/9") }),
  ];
  for (const event of events) {
    expect(forReader(event, reader("orchard", [])).data).not.toHaveProperty(
      event.topic === topics.case ? "asOf" : "firingId",
    );
    expect(forReader(event, reader("northtel", []))).toBe(event);
  }
});

test("a vendor does not receive the person who lacks a skill", () => {
  const data = { vendor: "orchard", trigger: "skill.missing", missing: { person: "rep-7", level: 2 } };
  const event = received(topics.handoff, "handoff.offered", 1, data);
  expect(forReader(event, reader("orchard", [])).data).toEqual({ vendor: "orchard", trigger: "skill.missing" });
  expect(forReader(event, reader("northtel", []))).toBe(event);
});

test("a vendor reads of an incident that its case leads only the size, and not the carrier's reason", () => {
  const opened = received(topics.case, "incident.opened", 4, {
    incidentId: "ic_1",
    cases: 12,
    reason: "the mast in Ohio",
  });
  expect(forReader(opened, reader("orchard", [])).data).toEqual({ incidentId: "ic_1", cases: 12 });
  expect(forReader(opened, reader("northtel", []))).toBe(opened);
  const ended = received(topics.case, "incident.ended", 9, { incidentId: "ic_1", cause: "cured", reason: "the mast" });
  expect(forReader(ended, reader("orchard", [])).data).toEqual({ incidentId: "ic_1", cause: "cured" });
});

import { createClient } from "@crossline/cli";
import { type EventType, type Message, newId, parseEvent, topics } from "@crossline/contracts";
import { toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCalmCase } from "./calm-case.ts";
import { handheld } from "./handheld-line.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * A client with the stolen Kafka password of a service writes a record on the topic of that service. The record has a valid type and the
 * next sequence, so every service believes it. The auditor finds it, because the owner's outbox never had this sequence.
 */

let stage: Stage;
let auditor: Database;
beforeAll(async () => {
  stage = await openStage({ inProcess: true });
  auditor = connect({ url: stage.databaseUrl, schema: "auditor", applicationName: "forged-positions" });
}, 60_000);
afterAll(async () => {
  await auditor?.close();
  await stage?.close();
});

type Finding = { readonly caseId: string; readonly data: { readonly topic: string; sequence: number; last: number } };

const findings = async (caseId?: string): Promise<readonly Finding[]> => {
  const internal = createClient(stage.addresses.auditor, stage.internalKey);
  const of = caseId === undefined ? "" : `&caseId=${caseId}`;
  return (await internal.get<{ findings: Finding[] }>(`/internal/audit/findings?kind=forged${of}`)).findings;
};

/** Returns the last sequence that the auditor has read. */
async function seenOf(topic: string, key: string): Promise<number> {
  const [row] = await auditor.query<{ seen: number }>({
    text: "-- test.seen\nselect seen from inbox_sequence where topic = $1 and key = $2",
    values: [topic, key],
  });
  return row?.seen ?? 0;
}

async function openCase() {
  const { carrier, vendor, id } = await openCalmCase(stage, "first-response");
  await waitFor(async () => (await seenOf(topics.case, id)) > 0, { timeoutMs: 10_000 });
  return { carrier: carrier.party, vendor: vendor.party, id };
}

type Position = Pick<Message, "topic" | "key" | "sequence">;

async function forge(position: Position, type: EventType, data: unknown): Promise<void> {
  expect(() => parseEvent(type, data)).not.toThrow();
  const message = { ...position, type, time: Date.now(), timeline: "wall", data };
  await stage.send([toWire(message, "/crossline/forged")]);
}

const found = (caseId: string, topic: string): Promise<Finding> =>
  waitFor(async () => (await findings(caseId)).find(({ data }) => data.topic === topic), {
    timeoutMs: 20_000,
    what: `the finding about ${topic}`,
  });

const at = new Date().toISOString();

test("the auditor finds a forged record on the case, hand-off and clock topic, and names the case once", async () => {
  const { carrier, vendor, id } = await openCase();
  const actor = { party: carrier, automated: true };
  const firing = { firingId: "forged", clock: "first-response", kind: "first-response", incarnation: "case/1" };
  const breach = { ...firing, threshold: 100, charged: carrier, startedAt: at, dueAt: at, firedAt: at };
  const offer = { handoffId: newId("ho"), vendor, queue: `${vendor}.desk`, actor, step: 0, attempt: 0, mode: "ticket" };
  const records = [
    [topics.clock, "clock.breached", breach],
    [topics.handoff, "handoff.withdrawn", { ...offer, reason: "overtaken" }],
    [topics.case, "case.closed", { actor, from: "acknowledged", reason: "confirmed" }],
  ] as const;
  for (const [topic, type, data] of records) {
    const last = await seenOf(topic, id);
    await forge({ topic, key: id, sequence: last + 1_000 }, type, data);
    const finding = await found(id, topic);
    expect(finding).toMatchObject({ caseId: id, data: { topic, sequence: last + 1_000 } });
    expect(finding.data.last).toBeLessThan(last + 1_000);
  }
  await forge({ topic: topics.clock, key: id, sequence: 5_000 }, "clock.breached", breach);
  await waitFor(async () => (await findings(id)).length === 4, { timeoutMs: 20_000 });
  const counted = (await findings(id)).map(({ data }) => `${data.topic} ${data.sequence}`);
  expect(new Set(counted).size).toBe(counted.length);
}, 90_000);

test("the auditor finds a forged record about a case that does not exist", async () => {
  const id = newId("cs");
  const data = {
    handoffId: newId("ho"),
    vendor: "mallory",
    queue: "mallory.desk",
    actor: { party: "m", automated: true },
  };
  await forge({ topic: topics.handoff, key: id, sequence: 1 }, "handoff.lapsed", data);
  expect(await found(id, topics.handoff)).toMatchObject({ data: { sequence: 1, last: 0 } });
}, 30_000);

test("a whole story with a crossing raises no finding of a forged record", async () => {
  const before = new Set((await findings()).map(({ caseId }) => caseId));
  const story = await stage.story(handheld);
  await story.open();
  await story.talkUntil("09:20", 60);
  await story.advance("09:20:30");
  const [handoff] = await story.queue("handheld");
  const claim = await story.claim("handheld", handoff?.handoffId ?? "");
  await story.accept("handheld", handoff?.handoffId ?? "", claim);
  await story.advance("23:00");
  const { id } = await openCase();
  await waitFor(async () => (await seenOf(topics.clock, story.caseId)) > 0, { timeoutMs: 10_000 });
  // The finding of a later forged case shows that the search has compared the earlier cases.
  await forge({ topic: topics.case, key: id, sequence: 900 }, "case.closed", {
    actor: { party: "m", automated: true },
    from: "acknowledged",
    reason: "confirmed",
  });
  await found(id, topics.case);
  const after = (await findings()).map(({ caseId }) => caseId).filter((caseId) => !before.has(caseId));
  expect(after).toEqual([id]);
}, 120_000);

import { type EventData, queueTopic } from "@crossline/contracts";
import { type FetchedRecord, kafkaBroker } from "@crossline/messaging";
import { privateKafka, waitFor } from "@crossline/testing";
import { afterAll, expect, test } from "vitest";
import { silentLog } from "./stand-ins.ts";
import { acceptance, startWorld } from "./world.ts";

const kafka = await privateKafka();
afterAll(() => kafka?.remove());

const soon = { timeoutMs: 15_000 };
const requires = [{ item: "battery-log", from: "carrier" as const }];

/** Opens a vendor's desk that reads only its queue topic. */
async function openDesk(brokers: readonly string[]) {
  const consumer = kafkaBroker({ brokers, clientId: "orchards-desk", log: silentLog });
  const records: FetchedRecord[] = [];
  await consumer.subscribe({
    group: "orchard-desk",
    topics: [queueTopic("orchard", "wall")],
    onAssigned: () => Promise.resolve(new Map()),
    onRecords: (batch) => Promise.resolve(void records.push(...batch.records)),
    onCrash: (error) => {
      throw error;
    },
  });
  const hears = async <T extends "queue.offered" | "queue.updated" | "queue.ended">(type: T) => {
    const isIt = ({ headers }: FetchedRecord) => headers["ce_type"] === `crossline.${type}.v1`;
    const { value } = await waitFor(() => records.find(isIt), { ...soon, what: type });
    return JSON.parse(value ?? "") as EventData<T>;
  };
  return { hears, close: () => consumer.close() };
}

test.skipIf(kafka === undefined)(
  "⚠ a desk that reads only its queue topic can ask, read the carrier's answer and accept; other desks read the acceptance",
  async () => {
    const { brokers } = kafka!;
    const world = await startWorld({ broker: kafkaBroker({ brokers, clientId: "routing-test", log: silentLog }) });
    const desk = await openDesk(brokers);
    try {
      const line = await waitFor(() => world.publish("northtel", { line: "handheld", requires }), soon);
      const one = await world.open(line, { timeline: "wall", at: Date.now() });
      await one.cross();
      const { handoffId, claim, brief } = await desk.hears("queue.offered");
      expect(brief.owed).toEqual(requires);
      const orchard = world.as("orchard");
      const at = claim.replace(/\/claim$/, "");
      const { token } = (await orchard("POST", claim)).body as { token: number };
      const question = { code: "needs-log", items: ["battery-log"], question: "When did it die?" };
      expect(await orchard("POST", `${at}/request-info`, { token, ...question })).toMatchObject({ status: 200 });
      const path = `/v1/cases/${one.id}/handoffs/${handoffId}/information`;
      expect(await world.as("northtel")("POST", path, { answer: "last night" })).toMatchObject({ status: 200 });
      const updated = await desk.hears("queue.updated");
      expect(updated).toMatchObject({
        handoffId,
        phase: "claimed",
        information: { answer: "last night", items: ["battery-log"], bestEffort: false },
        brief: { owed: [], completeness: 100, notes: [{ party: "orchard" }, { party: "northtel" }] },
      });
      const { version } = updated.brief.case;
      const work = { ...acceptance(token, version), eta: "2096-03-08T12:00:00Z" };
      expect(await orchard("POST", `${at}/accept`, work)).toMatchObject({ status: 200 });
      expect(await desk.hears("queue.ended")).toMatchObject({ handoffId, reason: "accepted" });
    } finally {
      await desk.close();
      await world.stop();
    }
  },
  60_000,
);

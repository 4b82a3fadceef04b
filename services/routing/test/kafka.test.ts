import { type Brief, brief, queueTopic } from "@crossline/contracts";
import { type FetchedRecord, kafkaBroker } from "@crossline/messaging";
import { privateKafka, waitFor } from "@crossline/testing";
import { afterAll, expect, test } from "vitest";
import { silentLog } from "./stand-ins.ts";
import { startWorld } from "./world.ts";

const kafka = await privateKafka();
afterAll(() => kafka?.remove());

test.skipIf(kafka === undefined)(
  "a vendor's own consumer reads a whole offer from its queue topic",
  async () => {
    const { brokers } = kafka!;
    const log = silentLog;
    const world = await startWorld({ broker: kafkaBroker({ brokers, clientId: "routing-test", log }) });
    const vendor = kafkaBroker({ brokers, clientId: "orchards-desk", log });
    try {
      const topic = queueTopic("orchard", "wall");
      const records: FetchedRecord[] = [];
      await vendor.subscribe({
        group: "orchard-desk",
        topics: [topic],
        onAssigned: () => Promise.resolve(new Map()),
        onRecords: (batch) => Promise.resolve(void records.push(...batch.records)),
        onCrash: (error) => {
          throw error;
        },
      });
      const line = await waitFor(() => world.publish("northtel", { line: "handheld" }), { timeoutMs: 15_000 });
      const one = await world.open(line, { timeline: "wall", at: Date.now() });
      await one.cross();
      const record = await waitFor(() => records[0], {
        timeoutMs: 15_000,
        what: "the record in the vendor's consumer",
      });
      expect(record).toMatchObject({
        topic,
        key: one.id,
        headers: {
          ce_specversion: "1.0",
          ce_id: `queue/${one.id}/1`,
          ce_type: "crossline.queue.offered.v1",
          ce_source: "/crossline/routing",
          ce_subject: one.id,
          ce_timeline: "wall",
        },
      });
      const offer = JSON.parse(record.value ?? "") as { brief: Brief; claim: string };
      expect(brief.parse(offer.brief)).toMatchObject({ case: { id: one.id }, device: { model: "Handheld 8700" } });
      const claimed = await world.as("orchard")("POST", offer.claim, { person: "eng-4" });
      expect(claimed).toMatchObject({ status: 200, body: { token: 1 } });
      await waitFor(() => world.seen.some(({ type, key }) => type === "handoff.claimed" && key === one.id), {
        timeoutMs: 15_000,
      });
    } finally {
      await vendor.close();
      await world.stop();
    }
  },
  60_000,
);

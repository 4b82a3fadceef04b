import { type Broker, type FetchedRecord, memoryBroker, toWire } from "@crossline/messaging";
import { startService } from "@crossline/chassis";
import { topics } from "@crossline/contracts";
import { ForeignDataError, connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { freshDatabase } from "@crossline/testing";
import { expect, onTestFinished, test } from "vitest";
import { tally } from "./tally/src/app.ts";

const log = createLogger("installation-test", "silent");

/** Returns a broker whose party topic names this installation. */
function brokerOf(installation: string): Broker {
  const place = { topic: topics.party, partition: 0 };
  const wire = toWire(
    {
      ...place,
      key: "installation",
      sequence: 1,
      type: "installation.recorded",
      time: 0,
      timeline: "wall",
      data: { installation },
    },
    "/crossline/intake",
  );
  const record: FetchedRecord = { ...wire, ...place, offset: 0, timestamp: 0 };
  return {
    ...memoryBroker({ log }),
    async *readPartition() {
      yield record;
    },
  };
}

test("a service starts only if its Kafka belongs to the same installation", async () => {
  const fresh = await freshDatabase("tally");
  const database = connect(fresh.options("tally"));
  onTestFinished(async () => {
    await database.close();
    await fresh.drop();
  });
  const start = (installation: string) =>
    startService(tally, {
      database,
      broker: brokerOf(installation),
      log,
      settings: { internalKey: "k", partitions: 2 },
    });
  await (await start("ins_1")).stop();
  await (await start("ins_1")).stop();
  await expect(start("ins_2")).rejects.toBeInstanceOf(ForeignDataError);
});

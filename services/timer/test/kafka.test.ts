import { wall } from "@crossline/contracts";
import { kafkaBroker } from "@crossline/messaging";
import { now } from "@crossline/postgres";
import { privateKafka, waitFor } from "@crossline/testing";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { idleLine, newCase } from "./records.ts";
import { type World, createWorld, log } from "./world.ts";

const kafka = await privateKafka();
const line = idleLine("idle", "PT10S");

describe.skipIf(kafka === undefined)("timers on a real Kafka", () => {
  let world: World;
  afterEach(() => world.stop());
  afterAll(() => kafka?.remove());

  const connect = (clientId: string) => kafkaBroker({ brokers: kafka?.brokers ?? [], clientId, log });

  async function armed(inMs: number, partition: number): Promise<string> {
    const caseId = newCase(partition);
    const openedAt = (await now(world.database)) + inMs - 10_000;
    await world.publish(world.opened({ caseId, timeline: wall }, openedAt, line));
    return caseId;
  }

  test("two timers share the partitions; when one stops, the other takes over, and each clock fires once", async () => {
    world = await createWorld(connect("world"));
    const brokers = [connect("one"), connect("two")];
    await world.publish(world.line(line));
    const one = await world.start({ broker: brokers[0] ?? world.broker });
    const two = await world.start({ broker: brokers[1] ?? world.broker });
    const options = { timeoutMs: 20_000 };
    await waitFor(() => one.owned().length === 2 && two.owned().length === 2, options);
    const first = await Promise.all([0, 1, 2, 3].map((partition) => armed(1_000, partition)));
    await waitFor(() => first.every((caseId) => world.fired(caseId).length > 0), options);
    const second = await Promise.all([0, 1, 2, 3].map((partition) => armed(1_500, partition)));
    await one.stop();
    await brokers[0]?.close();
    await waitFor(() => second.every((caseId) => world.fired(caseId).length > 0), options);
    await two.scanned();
    const ids = new Set(world.published.map(({ id }) => id));
    expect(ids.size).toBe(8);
    expect([...first, ...second].map((caseId) => new Set(world.fired(caseId)).size)).toEqual(Array(8).fill(1));
    await two.stop();
    await brokers[1]?.close();
  });
});

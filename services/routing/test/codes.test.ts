import type { LineRef } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ask, type World, newTimeline, startWorld } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const timeline = newTimeline();
const report = (ask: Ask) => ask("GET", `/v1/reports/codes?timeline=${timeline}`);

/** Publishes a line with one queue. */
const asking = (carrier: string, queue: string): Promise<LineRef> =>
  world.publish(carrier, {
    line: queue.replace(".", "-"),
    crossing: [{ to: `queue:${queue}`, mode: "ticket", acceptWithin: "PT30M", repeat: 1 }],
  });

/** Opens cases under a line, and lets the vendor reject each with a code. */
async function reject(line: LineRef, queue: string, codes: readonly string[]): Promise<void> {
  const vendor = world.as(queue.split(".")[0] ?? "");
  for (const code of codes) {
    const one = await world.open(line, { timeline });
    await one.cross();
    const path = `/v1/queues/${queue}/handoffs/${await one.offered()}`;
    const { body } = await vendor("POST", `${path}/claim`);
    expect((await vendor("POST", `${path}/reject`, { token: body.token, code })).status).toBe(200);
  }
}

test("⚠ the report shows a carrier the codes that a vendor uses more often than other vendors on the carrier's cases", async () => {
  await reject(await asking("northtel", "orchard.care"), "orchard.care", ["no-capacity", "no-capacity", "duplicate"]);
  await reject(await asking("northtel", "quill.care"), "quill.care", [
    "no-capacity",
    "duplicate",
    "duplicate",
    "duplicate",
  ]);
  await reject(await asking("southtel", "quill.care"), "quill.care", ["no-capacity"]);
  const noCapacity = { what: "rejected", code: "no-capacity" };
  const duplicate = { what: "rejected", code: "duplicate" };
  expect((await report(world.as("northtel"))).body.items).toEqual([
    { vendor: "orchard", ...noCapacity, count: 2, handoffs: 3, share: 66.7, peersShare: 25, moreThanPeers: true },
    { vendor: "orchard", ...duplicate, count: 1, handoffs: 3, share: 33.3, peersShare: 75, moreThanPeers: false },
    { vendor: "quill", ...duplicate, count: 3, handoffs: 4, share: 75, peersShare: 33.3, moreThanPeers: true },
    { vendor: "quill", ...noCapacity, count: 1, handoffs: 4, share: 25, peersShare: 66.7, moreThanPeers: false },
  ]);
  // Without another vendor to compare with, `moreThanPeers` is false.
  expect((await report(world.as("southtel"))).body.items).toEqual([
    { vendor: "quill", ...noCapacity, count: 1, handoffs: 1, share: 100, moreThanPeers: false },
  ]);
  expect((await report(world.as("operator"))).body.items).toMatchObject([
    { count: 2 },
    { count: 1 },
    { count: 3 },
    { count: 2 },
  ]);
});

test("a vendor cannot read the report", async () => {
  expect((await report(world.as("orchard"))).status).toBe(403);
});

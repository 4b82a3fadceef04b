import { setTimeout as delay } from "node:timers/promises";
import type { BoardPage } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EventSource, openStream } from "./event-source.ts";
import { type Stage, openStage } from "./stage.ts";

/* A stream is cut a hundred times while 50 facts a second change its rows. */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ console: true });
});
afterAll(() => stage?.close());

const cuts = 100;
const casesCount = 20;
const factsPerSecond = 50;

test("a stream that is cut a hundred times at 50 facts a second neither loses nor doubles a row", async () => {
  const { client, key } = await stage.party("northtel", "carrier");
  const ids = await Promise.all(
    Array.from({ length: casesCount }, async (_, number) => {
      const opening = { carrierCaseId: `S-${number}`, title: "No signal", channel: "phone" };
      return (await client.post<{ id: string }>("/v1/cases", opening)).id;
    }),
  );
  const facts = new Map<string, number>(ids.map((id) => [id, 0]));
  let isWriting = true;
  const writing = (async () => {
    const sent: Promise<unknown>[] = [];
    const startedAt = performance.now();
    while (isWriting) {
      const id = ids[sent.length % ids.length] ?? "";
      facts.set(id, (facts.get(id) ?? 0) + 1);
      sent.push(client.post(`/v1/cases/${id}/entries`, { kind: "note", text: `note ${sent.length}` }));
      await delay(Math.max(0, startedAt + (sent.length * 1000) / factsPerSecond - performance.now()));
    }
    await Promise.all(sent);
    return sent.length;
  })();

  const seen: EventSource["events"][number][] = [];
  const url = `${stage.url}/v1/stream?after=0`;
  let busy = 0;
  for (let cut = 0; cut < cuts; cut += 1) {
    const stream = await openStream(url, key, seen.at(-1)?.id);
    // Some connections end before their first row, and others in the middle of rows.
    await delay(cut % 5 === 0 ? 0 : 10 * (cut % 17));
    await stream.close();
    if (stream.events.length > 0) busy += 1;
    seen.push(...stream.events);
  }
  isWriting = false;
  const written = await writing;
  expect(written).toBeGreaterThan(200);
  expect(busy).toBeGreaterThan(cuts / 3);

  // The opening of a case is its first fact, and each note is one more.
  const settled = await waitFor(async () => {
    const { items } = await client.get<BoardPage>("/v1/board?limit=500");
    const isComplete = items.every(({ id, read }) => read.case >= 1 + (facts.get(id) ?? 0));
    return items.length === casesCount && isComplete ? items : undefined;
  });
  const last = await openStream(url, key, seen.at(-1)?.id);
  const newest = Math.max(...settled.map(({ position }) => position));
  await waitFor(async () => Math.max(0, ...[...seen, ...last.events].map(({ id }) => id)) >= newest || undefined);
  await last.close();
  seen.push(...last.events);

  const positions = seen.map(({ id }) => id);
  expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
  const lastOf = new Map(seen.map(({ id, data }) => [data.id, id]));
  expect(lastOf).toEqual(new Map(settled.map(({ id, position }) => [id, position])));
}, 120_000);

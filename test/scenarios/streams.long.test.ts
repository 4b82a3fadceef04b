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
const factsPerSecond = 50;

test("a stream that is cut a hundred times at 50 facts a second neither loses nor doubles a row", async () => {
  const { client, key } = await stage.party("northtel", "carrier");
  const stop = new AbortController();
  const writing = (async () => {
    const sent: Promise<unknown>[] = [];
    const startedAt = performance.now();
    while (!stop.signal.aborted) {
      // Each row changes once, so no later change can hide a lost row.
      sent.push(client.post("/v1/cases", { carrierCaseId: `S-${sent.length}`, title: "No signal", channel: "phone" }));
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
  stop.abort();
  const written = await writing;
  expect(written).toBeGreaterThan(200);
  expect(busy).toBeGreaterThan(cuts / 3);

  const last = await openStream(url, key, seen.at(-1)?.id);
  const rows = await waitFor(
    async () => {
      const all = await readBoard(client);
      const position = Math.max(0, ...[...seen, ...last.events].map(({ id }) => id));
      return all.length === written && all.every((row) => row.position <= position) ? all : undefined;
    },
    { timeoutMs: 20_000 },
  );
  await last.close();
  seen.push(...last.events);

  const positions = seen.map(({ id }) => id);
  expect(positions).toEqual(rows.map(({ position }) => position).toSorted((a, b) => a - b));
}, 120_000);

/** Reads all pages of the company's board. */
async function readBoard({ get }: { readonly get: <T>(path: string) => Promise<T> }): Promise<BoardPage["items"]> {
  const items: BoardPage["items"] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const page: BoardPage = await get(`/v1/board?limit=500${cursor === "" ? "" : `&cursor=${cursor}`}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

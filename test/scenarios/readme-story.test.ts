import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Client,
  createClient,
  handheldConsumer,
  openQueues,
  playStory,
  retryWhileRefused,
  viaKafka,
} from "@crossline/cli";
import type { Brief } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ inProcess: true });
});
afterAll(() => stage?.close());

test("README shows the story as `npx -y pnpm start` prints it", async () => {
  const northtel = await register("northtel", "carrier");
  const orchard = await register("orchard", "vendor");
  const line = handheldConsumer("http://127.0.0.1:9/last-resort");
  await retryWhileRefused(() => openQueues(orchard, "orchard", [line]));
  await retryWhileRefused(() => northtel.post("/v1/lines", line));
  const rows: string[] = [];
  const next = async (caseId: string, timeline: string) => ({
    ...(await findOffer(orchard, caseId, timeline)),
    via: viaKafka,
  });
  await playStory({ northtel, orchard, operator: stage.operator }, { next }, (text) => rows.push(text));
  const readme = readFileSync(resolve(import.meta.dirname, "../../README.md"), "utf8");
  const [, block] = /^```\n( {2}09:00:00 [\s\S]*?)\n```$/m.exec(readme) ?? [];
  expect(rows.join("\n")).toBe(block);
});

async function register(party: string, kind: "carrier" | "vendor"): Promise<Client> {
  await stage.operator.post("/v1/parties", { party, kind, name: party });
  const { key } = await stage.operator.post<{ key: string }>(`/v1/parties/${party}/keys`);
  return createClient(stage.url, key);
}

async function findOffer(vendor: Client, caseId: string, timeline: string) {
  const { items } = await vendor.get<{ items: { handoffId: string; caseId: string; brief: Brief }[] }>(
    `/v1/queues/orchard.handheld/handoffs?timeline=${timeline}`,
  );
  const offer = items.find((item) => item.caseId === caseId);
  if (offer === undefined) throw new Error(`the queue has no hand-off of case ${caseId}`);
  return offer;
}

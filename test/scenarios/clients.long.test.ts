import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ServerFault } from "@crossline/servers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Program, javaClient, javaMissing, typescriptClient } from "../clients/generate.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * Runs two clients that are generated from the OpenAPI document alone. Each client publishes a line, opens a case, and
 * advances time until the case crosses. Each client then claims and accepts the case at the vendor's desk.
 */

const missing = javaMissing();
const folder = mkdtempSync(join(tmpdir(), "crossline-java-client-"));
let stage: Stage;
let document: string;
beforeAll(async () => {
  stage = await openStage({ inProcess: true });
  document = await (await fetch(`${stage.url}/openapi.json`)).text();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stage?.close();
});

async function play([command, ...args]: Program) {
  const [carrier, vendor] = await Promise.all([stage.party("northtel", "carrier"), stage.party("orchard", "vendor")]);
  const own = [stage.url, carrier.key, vendor.key, vendor.party];
  const { stdout } = await promisify(execFile)(command, [...args, ...own]);
  return { vendor: vendor.party, outcome: JSON.parse(stdout) as unknown };
}

const expectedStory = (vendor: string) => ({
  line: 1,
  opened: "acknowledged",
  mark: "2026-03-07T16:10:00Z",
  mode: "ticket",
  phase: "accepted",
  refused: "stale_token",
  holder: vendor,
});

test("a generated TypeScript client passes strict type checks, and its case crosses to the vendor", async () => {
  const { vendor, outcome } = await play(await typescriptClient(document));
  expect(outcome).toEqual(expectedStory(vendor));
});

test("a generated Java client compiles, and its case crosses to the vendor", async ({ skip }) => {
  const isNeeded = process.env["CROSSLINE_REQUIRE_KAFKA"] === "1";
  if (missing !== undefined && !isNeeded) return skip(missing);
  const program = await javaClient(document, folder).catch((fault: unknown) => {
    if (fault instanceof ServerFault && !isNeeded) return fault.message;
    throw fault;
  });
  if (typeof program === "string") return skip(program);
  const { vendor, outcome } = await play(program);
  expect(outcome).toEqual(expectedStory(vendor));
}, 300_000);

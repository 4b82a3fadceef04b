import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";

/* Every command of docs/integrating.md, in its order, through the real services: each is answered as the page says. */

let stage: Stage;
const folder = mkdtempSync(join(tmpdir(), "crossline-integrating-"));
beforeAll(async () => {
  stage = await openStage();
  for (const [party, kind] of [
    ["northtel", "carrier"],
    ["orchard", "vendor"],
  ])
    await stage.operator.post("/v1/parties", { party, kind, name: party });
  const { key } = await stage.operator.post<{ key: string }>("/v1/parties/northtel/keys");
  mkdirSync(join(folder, ".crossline"));
  writeFileSync(join(folder, ".crossline/northtel.header"), `Authorization: Bearer ${key}`);
  const headers = { authorization: `Bearer ${key}` };
  await waitFor(async () => (await fetch(`${stage.url}/v1/lines`, { headers })).ok, { timeoutMs: 10_000 });
});
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Ids and instants are of one run. */
function anyRun(text: string): unknown {
  const comparable = text
    .replaceAll(/\b[a-z]+_[0-9a-z]{26}\b/g, "an id")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "an instant");
  return JSON.parse(comparable);
}

test("the page's commands are answered as it says", async () => {
  const text = readFileSync(resolve(import.meta.dirname, "../../docs/integrating.md"), "utf8");
  const steps = [...text.matchAll(/```sh\n([\s\S]*?)```\n\n```json\n([\s\S]*?)```/g)];
  expect(steps).toHaveLength([...text.matchAll(/^```sh$/gm)].length);
  const mark = "---- the next answer";
  const script = steps.map(([, command]) => `${command}\necho; echo "${mark}"`).join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-uc", script.replaceAll("http://127.0.0.1:7300", stage.url)], {
    cwd: folder,
  });
  const answers = stdout.split(mark).slice(0, -1);
  expect(answers).toHaveLength(steps.length);
  for (const [index, [, command, said = ""]] of steps.entries())
    expect({ command, answer: anyRun(answers[index] ?? "") }).toMatchObject({ command, answer: anyRun(said) });
});

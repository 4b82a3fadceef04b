import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";

/*
 * Sends every command of docs/integrating.md to the real services, in the order of the page. Compares each response with the
 * page.
 */

let stage: Stage;
const folder = mkdtempSync(join(tmpdir(), "crossline-integrating-"));
beforeAll(async () => {
  stage = await openStage();
  for (const [party, kind] of [
    ["northtel", "carrier"],
    ["orchard", "vendor"],
  ])
    await stage.operator.post("/v1/parties", { party, kind, name: party });
  mkdirSync(join(folder, ".crossline"));
  const makeKey = async (party: string): Promise<string> => {
    const { key } = await stage.operator.post<{ key: string }>(`/v1/parties/${party}/keys`);
    writeFileSync(join(folder, `.crossline/${party}.header`), `Authorization: Bearer ${key}`);
    return key;
  };
  await makeKey("orchard");
  const key = await makeKey("northtel");
  const headers = { authorization: `Bearer ${key}` };
  await waitFor(async () => (await fetch(`${stage.url}/v1/lines`, { headers })).ok, { timeoutMs: 10_000 });
});
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A response without its ids and instants, which differ between runs. */
function anyRun(text: string): unknown {
  const comparable = text
    .replaceAll(/\b[a-z]+_[0-9a-z]{26}\b/g, "an id")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "an instant");
  return JSON.parse(comparable);
}

test("each command in docs/integrating.md gets the response that the document shows", async () => {
  const text = readFileSync(resolve(import.meta.dirname, "../../docs/integrating.md"), "utf8");
  const steps = [...text.matchAll(/```sh\n([\s\S]*?)```\n\n```json\n([\s\S]*?)```/g)];
  expect(steps).toHaveLength([...text.matchAll(/^```sh$/gm)].length);
  const mark = "---- the next response";
  const script = steps.map(([, command]) => `${command}\necho; echo "${mark}"`).join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-uc", script.replaceAll("http://127.0.0.1:7300", stage.url)], {
    cwd: folder,
  });
  const responses = stdout.split(mark).slice(0, -1);
  expect(responses).toHaveLength(steps.length);
  for (const [index, [, command, expected = ""]] of steps.entries())
    expect({ command, response: anyRun(responses[index] ?? "") }).toMatchObject({
      command,
      response: anyRun(expected),
    });
});

type ListedCase = { readonly id: string; readonly nextDue?: { readonly clock: string; readonly dueAt: string } };
type Clocks = {
  readonly clocks: { clock: string; state: string; thresholds: { percent: number; dueAt?: string }[] }[];
};
type Breach = readonly [dueAt: string, id: string, clock: string];

/** Compares instants as numbers, because the text of a whole second has no fraction. */
const byInstant = ([one, oneId]: Breach, [other, otherId]: Breach): number =>
  Date.parse(one) - Date.parse(other) || (oneId < otherId ? -1 : 1);

test("a list of thirty cases in the order of their deadlines agrees with the clocks of each case", async () => {
  const { client } = await stage.party("lister", "carrier");
  const clocks = [
    { kind: "stall.idle", target: { critical: "PT1H", major: "PT3H", else: "PT9H" }, warnAt: [5] },
    { kind: "resolution", target: { critical: "PT5H", else: "PT6H" } },
  ];
  const line = { line: "listed", calendar: "24x7", clocks, mode: "observe", crossing: [], lastResort: [] };
  await waitFor(() => client.post("/v1/lines", line), { timeoutMs: 10_000 });
  const severities = ["critical", "major", "minor"] as const;
  const open = (index: number) =>
    client.post<ListedCase>("/v1/cases", {
      carrierCaseId: `L-${index}`,
      title: "Listed",
      channel: "mail",
      line: "listed",
      severity: severities[index % 3],
    });
  const opened: ListedCase[] = [];
  for (let index = 0; index < 30; index++) opened.push(await open(index));
  for (const { id } of opened.slice(0, 12)) await client.post(`/v1/cases/${id}/handlings`, { channel: "phone" });
  await client.post(`/v1/cases/${opened[0]?.id}/status`, { status: "cancelled" });

  async function listed(query: string): Promise<ListedCase[]> {
    const { items, next } = await client.get<{ items: ListedCase[]; next?: string }>(
      `/v1/cases?sort=due&limit=7${query}`,
    );
    const [filters] = query.split("&cursor=");
    return next === undefined ? items : [...items, ...(await listed(`${filters}&cursor=${next}`))];
  }
  async function oneByOne(): Promise<Breach[]> {
    const read = opened.map(async ({ id }) => {
      const { clocks: its } = await client.get<Clocks>(`/v1/cases/${id}/clocks`);
      return its
        .filter(({ state }) => state !== "ended")
        .flatMap(({ clock, thresholds }) => thresholds.slice(-1).map(({ dueAt }) => [dueAt ?? "", id, clock] as const))
        .filter(([dueAt]) => dueAt !== "")
        .toSorted(byInstant)
        .slice(0, 1);
    });
    return (await Promise.all(read)).flat().toSorted(byInstant);
  }
  const shown = (items: readonly ListedCase[]) => items.map(({ id, nextDue }) => [nextDue?.dueAt, id, nextDue?.clock]);
  const all = await waitFor(
    async () => {
      const [items, clocksOfAll] = [await listed(""), await oneByOne()];
      return JSON.stringify(shown(items)) === JSON.stringify(clocksOfAll) ? items : undefined;
    },
    { what: "the list in the order of the clocks" },
  );
  expect(all).toHaveLength(29);
  expect(new Set(all.map(({ nextDue }) => nextDue?.clock))).toEqual(new Set(["stall.idle", "resolution"]));
  const critical = opened.filter((_, index) => index % 3 === 0).map(({ id }) => id);
  const query = "&severity=critical&status=acknowledged&status=inProgress";
  expect((await listed(query)).map(({ id }) => id)).toEqual(
    all.map(({ id }) => id).filter((id) => critical.includes(id)),
  );
  const [first] = all;
  expect(await client.get(`/v1/cases/${first?.id}?include=nextDue`)).toMatchObject({ nextDue: first?.nextDue });
});

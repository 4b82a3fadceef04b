import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type RequestListener, createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, importSkills } from "@crossline/cli";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { type Stage, openStage } from "./stage.ts";

/* Runs the verb `skills import` against the real services, also over a connection that breaks. */

type Person = { readonly person: string; readonly skills: readonly Record<string, unknown>[] };

let stage: Stage;
let client: Client;
let folder: string;
beforeAll(async () => {
  stage = await openStage({ inProcess: true });
  folder = mkdtempSync(join(tmpdir(), "crossline-skills-"));
}, 60_000);
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  const carrier = await stage.party("northtel", "carrier");
  client = carrier.client;
  vi.stubEnv("CROSSLINE_KEY", carrier.key);
  onTestFinished(() => void vi.unstubAllEnvs());
});

const header = "person,os,from_version,to_version,model,level,valid_from,valid_to,source";

function write(name: string, rows: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${[header, ...rows].join("\n")}\n`);
  return file;
}

/** Runs the verb, and returns its exit code, its output and its progress. */
async function run(file: string, more: object = {}) {
  const printed: string[] = [];
  const drawn: string[] = [];
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => drawn.push(String(text)) > 0);
  try {
    const code = await importSkills(file, { zone: "UTC", url: stage.url, ...more });
    return { code, text: printed.join(""), progress: drawn.join("") };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

async function readAll(): Promise<Person[]> {
  const people: Person[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: { items: Person[]; next?: string } = await client.get(`/v1/skills?limit=100${more}`);
    people.push(...page.items);
    cursor = page.next;
  }
  return people;
}

/** Starts a proxy to Crossline. `breaks` returns true if the proxy cuts the connection of the request with this number. */
async function startProxy(
  breaks: (number: number, when: "before" | "after", line: string) => boolean,
): Promise<string> {
  let count = 0;
  const pass: RequestListener = (request, response) => {
    void (async () => {
      count += 1;
      const [number, line] = [count, `${request.method} ${request.url}`];
      if (breaks(number, "before", line)) return request.socket.destroy();
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { authorization = "", "idempotency-key": key, "content-type": type } = request.headers;
      const answer = await fetch(new URL(request.url ?? "/", stage.url), {
        method: request.method ?? "GET",
        headers: {
          authorization,
          ...(typeof key === "string" && { "idempotency-key": key }),
          ...(type !== undefined && { "content-type": type }),
        },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const text = await answer.text();
      if (breaks(number, "after", line)) return request.socket.destroy();
      return response
        .writeHead(answer.status, { "content-type": "application/json" })
        .end(text === "" ? undefined : text);
    })();
  };
  const server = createServer(pass).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("the verb imports good rows, reports refused rows with number and reason, and exits with 1", async () => {
  const file = write("some.csv", [
    "rep-1,PocketOS,4,5.1,,2,2026-03-01,2027-02-28,Exam 17",
    'rep-1,,,,Handheld,3,2026-03-01T00:00:00-05:00,,"Exam ""18"", part 2"',
    "rep-2,PocketOS,5,4,,2,2026-03-01,,Exam 17",
    "rep-2,OtherOS,,,,1,2026-03-01,,Exam 17",
    "rep-3,PocketOS,,,,9,2026-03-01,,Exam 17",
    ",PocketOS,,,,2,2026-03-01,,Exam 17",
    "rep-4,PocketOS,,,,2,2026-02-30,,Exam 17",
  ]);
  const zoned = await run(file, { zone: "America/Toronto", by: "trainer-2" });
  expect(zoned.code).toBe(1);
  expect(zoned.text).toContain("7 rows, 1 people, 5 rows refused");
  expect(zoned.text).toContain("row 4, to_version: must not be before from\n");
  expect(zoned.text).toContain("1 people added, 0 removed, 0 changed, 0 unchanged");
  expect(readFileSync(`${file}.refused.csv`, "utf8").split("\n")).toEqual([
    "row,column,reason",
    '4,to_version,"must not be before from"',
    '5,,"another row of this person was refused"',
    expect.stringMatching(/^6,level,/),
    expect.stringMatching(/^7,person,/),
    expect.stringMatching(/^8,valid_from,/),
    "",
  ]);
  expect(await readAll()).toMatchObject([
    {
      person: "rep-1",
      skills: [
        {
          os: "PocketOS",
          versions: { from: "4", to: "5.1" },
          from: "2026-03-01T05:00:00Z",
          until: "2027-03-01T05:00:00Z",
        },
        { model: "Handheld", level: 3, from: "2026-03-01T05:00:00Z", source: 'Exam "18", part 2' },
      ],
    },
  ]);
});

test("a dry run shows the difference and changes nothing; a replacement removes people, but not if a row was refused", async () => {
  const rows = [1, 2, 3].map((number) => `rep-${number},PocketOS,,,,2,2026-03-01,,Exam`);
  expect(await run(write("three.csv", rows))).toMatchObject({ code: 0 });
  const wanted = write("wanted.csv", [rows[0] ?? "", "rep-4,PocketOS,,,,2,2026-03-01,,Exam"]);
  const before = await readAll();
  const dry = await run(wanted, { replace: true, dryRun: true });
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.text).toContain("1 people added, 2 removed, 0 changed, 1 unchanged would follow");
  expect(dry.text).toMatch(/rep-2 +removed +1 skills +0 skills/);
  expect(await readAll()).toEqual(before);
  const faulty = write("faulty.csv", [rows[0] ?? "", "rep-2,PocketOS,,,,0,2026-03-01,,Exam"]);
  expect((await run(faulty, { replace: true })).text).toContain("No person will be removed");
  expect(await readAll()).toEqual(before);
  expect((await run(wanted, { replace: true })).text).toContain("1 people added, 2 removed, 0 changed, 1 unchanged");
  expect((await readAll()).map(({ person }) => person)).toEqual(["rep-1", "rep-4"]);
  expect((await run(wanted, { replace: true })).text).toContain("0 people added, 0 removed, 0 changed, 2 unchanged");
});

test.each<[string, string, RegExp]>([
  ["without a header", "", /is empty/],
  ["with an unknown column", "person,operating system\n", /there is no column "operating system"/],
  ["without a needed column", "person,level,source\n", /the column valid_from is missing/],
  ["with an open quote", `${header}\n"rep-1,PocketOS`, /ends within a quoted field/],
])("a file %s is refused as a whole", async (name, text, message) => {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, text);
  await expect(run(file)).rejects.toThrow(message);
});

test("an import completes over a connection that loses every third request or its response", async () => {
  const rows = Array.from({ length: 2_200 }, (_, index) => `rep-${index},PocketOS,,,,2,2026-03-01,,Exam`);
  const url = await startProxy((number, when) => number % 3 === (when === "before" ? 0 : 1));
  expect(await run(write("lossy.csv", rows), { url, replace: true })).toMatchObject({
    code: 0,
    text: expect.stringContaining("2200 people added, 0 removed, 0 changed, 0 unchanged") as string,
  });
  expect(await readAll()).toHaveLength(2_200);
});

test("after an interruption nothing is applied, and the same command continues after the parts that arrived", async () => {
  const rows = Array.from({ length: 2_200 }, (_, index) => `rep-${index},PocketOS,,,,2,2026-03-01,,Exam`);
  const file = write("interrupted.csv", rows);
  const sent: string[] = [];
  const url = await startProxy((_, when, line) => {
    if (when === "before" && line.startsWith("PUT")) sent.push(line);
    return sent.length > 2;
  });
  await expect(run(file, { url, replace: true, giveUpMs: 100 })).rejects.toThrow(/same command continues the import/);
  expect(await readAll()).toEqual([]);
  const parts: string[] = [];
  const working = await startProxy((_, when, line) => {
    if (when === "before" && line.startsWith("PUT")) parts.push(line);
    return false;
  });
  expect(await run(file, { url: working, replace: true })).toMatchObject({ code: 0 });
  expect(parts).toHaveLength(3);
  expect(new Set(parts)).toEqual(new Set(sent));
  expect(await readAll()).toHaveLength(2_200);
});

test("12,000 people with four operating systems are imported, replaced and read", { timeout: 120_000 }, async () => {
  const systems = ["PocketOS", "OtherOS", "ThirdOS", "FourthOS"];
  const rows = (level: number) =>
    Array.from({ length: 12_000 }, (_, index) =>
      systems.map((os) => `rep-${index},${os},4,5.1,,${level},2026-03-01,2027-02-28,Exam ${index}`),
    ).flat();
  const timed = async (name: string, level: number, options: object) => {
    const file = write(name, rows(level));
    const started = performance.now();
    const { code, text, progress } = await run(file, options);
    return { code, text, progress, seconds: (performance.now() - started) / 1_000 };
  };
  const first = await timed("carrier-1.csv", 1, { replace: true });
  expect(first).toMatchObject({ code: 0 });
  expect(first.text).toContain("12000 people added, 0 removed, 0 changed, 0 unchanged");
  expect(first.progress).toContain("12000 of 12000 people");
  const dry = await timed("carrier-2.csv", 2, { replace: true, dryRun: true });
  expect(dry.text).toContain("0 people added, 0 removed, 12000 changed, 0 unchanged would follow");
  const second = await timed("carrier-2.csv", 2, { replace: true });
  expect(second.text).toContain("12000 changed");
  process.stdout.write(
    `12,000 people × 4: first ${first.seconds.toFixed(1)} s, dry run ${dry.seconds.toFixed(1)} s, replacement ${second.seconds.toFixed(1)} s\n`,
  );
  expect(second.seconds).toBeLessThan(60);
});

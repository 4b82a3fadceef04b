import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { fileOf, header, prepareSkillsImport } from "./skills-run.ts";

/* Runs the verb `skills import` against the real services, also over a connection that breaks. */

const skills = prepareSkillsImport();
const { run, readAll } = skills;
const writeRows = (name: string, rows: readonly string[]): string => skills.write(name, fileOf(rows));

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
      const answer = await fetch(new URL(request.url ?? "/", skills.url()), {
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
  const file = writeRows("some.csv", [
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
  expect(await run(writeRows("three.csv", rows))).toMatchObject({ code: 0 });
  const wanted = writeRows("wanted.csv", [rows[0] ?? "", "rep-4,PocketOS,,,,2,2026-03-01,,Exam"]);
  const before = await readAll();
  const dry = await run(wanted, { replace: true, dryRun: true });
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.text).toContain("1 people added, 2 removed, 0 changed, 1 unchanged would follow");
  expect(dry.text).toMatch(/rep-2 +removed +1 skills +0 skills/);
  expect(await readAll()).toEqual(before);
  const faulty = writeRows("faulty.csv", [rows[0] ?? "", "rep-2,PocketOS,,,,0,2026-03-01,,Exam"]);
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
  await expect(run(skills.write(`${name}.csv`, text))).rejects.toThrow(message);
});

test("an import completes over a connection that loses every third request or its response", async () => {
  const rows = Array.from({ length: 2_200 }, (_, index) => `rep-${index},PocketOS,,,,2,2026-03-01,,Exam`);
  const url = await startProxy((number, when) => number % 3 === (when === "before" ? 0 : 1));
  expect(await run(writeRows("lossy.csv", rows), { url, replace: true })).toMatchObject({
    code: 0,
    text: expect.stringContaining("2200 people added, 0 removed, 0 changed, 0 unchanged") as string,
  });
  expect(await readAll()).toHaveLength(2_200);
});

test("after an interruption nothing is applied, and the same command continues after the parts that arrived", async () => {
  const rows = Array.from({ length: 2_200 }, (_, index) => `rep-${index},PocketOS,,,,2,2026-03-01,,Exam`);
  const file = writeRows("interrupted.csv", rows);
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

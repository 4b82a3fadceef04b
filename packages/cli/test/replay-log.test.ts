import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogRow } from "../src/replay/log-row.ts";
import { readLog } from "../src/replay/log.ts";
import { parseMapping } from "../src/replay/mapping.ts";
import { zip } from "./zip.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-log-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function mappingOf(given: object) {
  const columns = { case: "ticket", time: "at", timeFormat: "ISO 8601", status: "state", statuses: {} };
  return parseMapping(JSON.stringify({ ...columns, ...given }), "mapping.json");
}

function csv(...states: readonly string[]): string {
  const rows = states.map((state, hour) => `T1,2026-03-02T0${hour}:00:00Z,${state}\n`);
  return `ticket,at,state\n${rows.join("")}`;
}

async function statesIn(path: string, given: object, notes: string[] = []): Promise<string[]> {
  const cases = await readLog(path, { mapping: mappingOf(given), note: (text) => notes.push(text) });
  return [...cases.values()].flat().map(({ status }: LogRow) => status);
}

describe("a log in a zip", () => {
  const files = { "a.csv": csv("New"), "notes.txt": "-", "b.CSV": csv("New", "Closed"), "__MACOSX/._a.csv": "?" };
  test("a zip with two .csv files is refused, and the message names the files", async () => {
    const path = file("two.zip", zip(files));
    await expect(readLog(path, { mapping: mappingOf({}) })).rejects.toThrow(
      /two\.zip has 2 files to choose from: a\.csv, b\.CSV\. Name one with --entry\./,
    );
  });

  test("a zip with two .csv files is read if the request names one of the files", async () => {
    const path = file("named.zip", zip(files));
    const cases = await readLog(path, { mapping: mappingOf({}), entry: "b.CSV" });
    expect(cases.get("T1")?.map(({ status }) => status)).toEqual(["acknowledged", "closed"]);
    await expect(readLog(path, { entry: "c.csv" })).rejects.toThrow(/no c\.csv in it, but a\.csv, b\.CSV/);
  });

  test("the request for an entry of a file that is not a zip is refused", async () => {
    await expect(readLog(file("plain.csv", csv("New")), { entry: "a.csv" })).rejects.toThrow(/plain\.csv is not a zip/);
  });

  test("the only .csv among other files is read without its name", async () => {
    const path = file("one.zip", zip({ "readme.txt": "-", "only.csv": csv("New") }));
    expect(await statesIn(path, {})).toEqual(["acknowledged"]);
  });
});

test.each(["\n", "\r\n"])("the reader skips empty rows at the end: %j", async (end) => {
  const text = `${csv("New", "Closed")}\n\n`.replaceAll("\n", end);
  expect(await statesIn(file("ends.csv", text), {})).toEqual(["acknowledged", "closed"]);
});

test("a mapping adds to the built-in table of states and overrides it", async () => {
  const path = file("adds.csv", csv("New", "Awaiting parts", "Blue", "Resolved"));
  expect(await statesIn(path, { statuses: { Blue: "held", Resolved: "closed" } })).toEqual([
    "acknowledged",
    "pending",
    "held",
    "closed",
  ]);
});

test("a refusal names all unknown states with their counts and first places", async () => {
  const path = file("unknown.csv", csv("New", "Blue", "constructor", "Blue"));
  await expect(statesIn(path, {})).rejects.toThrow(
    /unknown\.csv has 2 unknown states: "Blue" \(2 rows, first in .*row 3\), "constructor" \(1 row, first in .*row 4\)\. .*--mapping/,
  );
});

test("a state that only `otherStatus` covers is reported with its count", async () => {
  const notes: string[] = [];
  const path = file("other.csv", csv("New", "Blue", "Green", "Blue"));
  expect(await statesIn(path, { otherStatus: "held" }, notes)).toEqual(["acknowledged", "held", "held", "held"]);
  expect(notes).toEqual(['Only otherStatus covers these states: "Blue" as held (2 rows), "Green" as held (1 row).']);
});

test("a row with the state `unchanged` does not change the state of its case", async () => {
  const notes: string[] = [];
  const path = file("same.csv", csv("Note", "Active", "Note", "Closed", "Note"));
  expect(await statesIn(path, { statuses: { Note: "unchanged" } }, notes)).toEqual([
    "acknowledged",
    "inProgress",
    "inProgress",
    "closed",
    "closed",
  ]);
  expect(notes).toEqual([
    "1 case begins with a row that leaves its state unchanged. This state was read as acknowledged.",
  ]);
});

describe("XES", () => {
  const trace = (...events: readonly (readonly [name: string, more?: string])[]): string => {
    const written = events.map(
      ([name, more = ""], hour) =>
        `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="2026-03-02T0${hour}:00:00Z"/>${more}</event>`,
    );
    return `<log><trace><string key="concept:name" value="T1"/>${written.join("")}</trace></log>`;
  };
  const standard = { case: "concept:name", time: "time:timestamp", status: "concept:name" };
  const suspend = '<string key="lifecycle:transition" value="suspend"/>';

  test("a mapping that names missing attributes is refused, and the message lists the attributes of the log", async () => {
    const path = file("absent.xes", trace(["New"]));
    await expect(statesIn(path, { ...standard, holder: "team", fields: ["desk"] })).rejects.toThrow(
      /absent\.xes has no attribute "team", "desk" in any event or trace; it has concept:name, time:timestamp\./,
    );
  });

  test("states that a mapping does not name keep their standard meaning", async () => {
    const path = file("keeps.xes", trace(["New"], ["Blue"], ["Closed"], ["x", suspend]));
    expect(await statesIn(path, { ...standard, statuses: { Blue: "pending" } })).toEqual([
      "acknowledged",
      "pending",
      "closed",
      "held",
    ]);
  });

  test("`otherStatus` applies before the transition alone", async () => {
    const path = file("before.xes", trace(["New"], ["Caused By CI"], ["x", suspend]));
    expect(await statesIn(path, { ...standard, otherStatus: "unchanged" })).toEqual([
      "acknowledged",
      "acknowledged",
      "acknowledged",
    ]);
  });

  test("names that are not states are reported with the state of their transition", async () => {
    const notes: string[] = [];
    const path = file("guess.xes", trace(["New"], ["Caused By CI"], ["Caused By CI"], ["x", suspend]));
    await readLog(path, { note: (text) => notes.push(text) });
    expect(notes).toEqual([
      'These names are not states, so only their transition was read: "Caused By CI" as inProgress (2 rows), "x" as held (1 row).',
    ]);
  });
});

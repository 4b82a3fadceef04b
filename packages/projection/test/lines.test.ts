import type { LineDocument, LineRef, ReceivedMessage } from "@crossline/contracts";
import { builtinLine } from "@crossline/domain";
import { type Database, type Query, connect } from "@crossline/postgres";
import { type PublishedLine, applyLines, createLines, lineName } from "@crossline/projection";
import { createLines as createCompiledLines } from "@crossline/projection/compiled-lines";
import { type FreshDatabase, freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const document: LineDocument = {
  line: "handheld",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }],
  crossing: [],
  lastResort: ["https://duty.example/"],
};
const closed: NonNullable<PublishedLine["calendars"]> = {
  never: {
    ref: { party: "northtel", name: "never", version: 1 },
    document: { calendar: "never", zone: "Europe/Berlin", week: {} },
  },
};

let fresh: FreshDatabase;
let database: Database;
let statements: string[] = [];
beforeAll(async () => {
  fresh = await freshDatabase("projection");
  const connected = connect(fresh.options("projection"));
  database = { ...connected, query: (one: Query) => (statements.push(one.text), connected.query(one)) };
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const refOf = (name: string, version = 1): LineRef => ({ carrier: "northtel", name, version });
const published = (line: LineRef, more: Partial<PublishedLine> = {}): ReceivedMessage =>
  ({ type: "line.published", data: { line, document: { ...document, line: line.name }, ...more } }) as ReceivedMessage;
const reads = () => statements.filter((text) => text.includes("projection.read-lines")).length;

test("a published version is saved once, and never changes", async () => {
  const line = refOf("once");
  await applyLines(database, [published(line), { type: "line.defaulted", data: {} } as ReceivedMessage]);
  await applyLines(database, [published(line, { document: { ...document, line: "other" } })]);
  const lines = createLines({ compile: ({ document: { line: name } }) => name });
  await lines.load(database, [line]);
  expect(lines.get(line)).toBe("once");
});

test("a process loads a published line once, and queries an unpublished line at each call", async () => {
  const [one, two, never] = [refOf("one"), refOf("two", 3), refOf("never")];
  await applyLines(database, [published(one), published(two)]);
  const lines = createLines({ compile: ({ line }) => lineName(line) });
  statements = [];
  await lines.load(database, [one, two, never, one]);
  await lines.load(database, [two, one]);
  expect(reads()).toBe(1);
  expect([lines.get(one), lines.get(two)]).toEqual(["northtel/one@1", "northtel/two@3"]);
  expect(lines.find(never)).toBeUndefined();
  expect(() => lines.get(never)).toThrow("northtel/never@1 was never published");
  await applyLines(database, [published(never)]);
  await lines.load(database, [never]);
  expect(lines.get(never)).toBe("northtel/never@1");
});

test("`createLines` gets the built-in line from the service, and reads no table for it", async () => {
  statements = [];
  const without = createLines({ compile: () => "read" });
  await without.load(database, [builtinLine.ref]);
  expect(without.find(builtinLine.ref)).toBeUndefined();
  const compiled = createCompiledLines();
  await compiled.load(database, [builtinLine.ref]);
  expect(compiled.get(builtinLine.ref)).toBe(builtinLine);
  expect(reads()).toBe(0);
});

test("a compiled line reports its calendars without opening hours once", async () => {
  const line = refOf("shut");
  await applyLines(database, [
    published(line, { document: { ...document, line: "shut", calendar: "never" }, calendars: closed }),
  ]);
  const seen: unknown[] = [];
  const lines = createCompiledLines((ref, calendars) => seen.push([lineName(ref), ...calendars]));
  await lines.load(database, [line]);
  await lines.load(database, [line]);
  expect(lines.get(line).ref).toEqual(line);
  expect(seen).toEqual([["northtel/shut@1", "northtel/never@1"]]);
});

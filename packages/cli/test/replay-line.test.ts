import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isImportName, timelineOfLine } from "@crossline/contracts";
import { builtinDocument, lintLineDocument } from "@crossline/domain";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RemovalRequest, type ReplayRequest, addReplay } from "../src/replay/arguments.ts";
import { readObservedLine } from "../src/replay/line-file.ts";
import { idleLine, observeLine, renameForImport } from "../src/replay/observed-line.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-line-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const handheld = `
line: handheld
calendar: 24x7
clocks:
  - kind: stall.busy
    target: PT20M
    warnAt: [50]
  - kind: stall.idle
    name: silence
    target: { critical: PT30M, else: PT4H }
crossing:
  - to: queue:orchard.handheld
    acceptWithin: PT5M
lastResort: ["https://duty.northtel.example/"]
`;

test("the copy of a line in YAML is an observing line and can be published", () => {
  const { document, idles, unchecked, title, beyondMs } = readObservedLine(file("handheld.yaml", handheld));
  expect(document).toMatchObject({ mode: "observe", crossing: [], lastResort: [], calendar: "24x7" });
  expect(document.clocks.map(({ kind, name }) => name ?? kind)).toEqual(["stall.busy", "silence"]);
  expect(lintLineDocument(document)).toMatchObject({ ok: true });
  expect({ title, idles, unchecked }).toEqual({
    title: "handheld",
    idles: [{ name: "silence", ms: 4 * 3_600_000 }],
    unchecked: ["stall.busy"],
  });
  expect(beyondMs).toBe(4 * 3_600_000 + 60_000);
});

test("the report names each part that the copy omits or adds: match, crossing, clocks of other kinds, severity", () => {
  const written = handheld
    .replace("calendar:", 'match: case.kind == "fault"\ncalendar:')
    .replace("name: silence", "warnAt: []");
  const { notes } = readObservedLine(file("notes.yaml", written.replace("stall.idle", "first-response")));
  expect(notes).toEqual([
    "The match condition is ignored: every case of the log is under this line.",
    "These parts of the line are omitted: crossing, last resort.",
    "A crossing line has these clocks even if it does not name them: stall.idle.",
    "The severity of the log is not read: each case counts as minor.",
  ]);
  expect(idleLine([{ name: "day", ms: 86_400_000 }]).notes).toEqual([]);
});

test("a line in JSON reads like the same line in YAML", () => {
  const yaml = readObservedLine(
    file("a.yaml", "line: a\ncalendar: 24x7\nmode: observe\nclocks: [{kind: stall.idle, target: PT1H}]"),
  );
  const json = readObservedLine(
    file("a.json", '{"line":"a","calendar":"24x7","mode":"observe","clocks":[{"kind":"stall.idle","target":"PT1H"}]}'),
  );
  expect(json).toEqual(yaml);
});

test("the copy of a crossing line has the implied idle clock, and the copy of an observing line does not", () => {
  const clocks = [{ kind: "stall.busy" as const, target: "PT20M", warnAt: [] }];
  const document = { ...builtinDocument, clocks };
  expect(observeLine(document).idles).toEqual([{ name: "stall.idle", ms: 2 * 3_600_000 }]);
  expect(observeLine({ ...document, mode: "observe" }).idles).toEqual([]);
});

test("`builtin` is the line of a case whose carrier has no default line", () => {
  expect(readObservedLine("builtin").document.clocks).toEqual(builtinDocument.clocks);
});

test("the line and calendars of a run have names that belong to the import of that run", () => {
  const care = file("own.yaml", "calendar: anything\nzone: America/Toronto\nweek: { mon: ['09:00-17:00'] }");
  const written = handheld
    .replace("calendar: 24x7", "calendar: orchard/care")
    .replace("name: silence", "calendar: 24x7");
  const line = readObservedLine(file("owned.yaml", written), [`orchard/care=${care}`]);
  const timeline = `imp_${"0".repeat(26)}`;
  const own = `imp-${"0".repeat(26)}`;
  const { document, calendars } = renameForImport(line, timeline);
  expect(document).toMatchObject({ line: own, calendar: `${own}-1` });
  expect(document.clocks.map(({ calendar }) => calendar)).toEqual([undefined, "24x7"]);
  expect(calendars).toMatchObject([{ calendar: `${own}-1`, zone: "America/Toronto" }]);
  expect([document.line, ...calendars.map(({ calendar }) => calendar)].every(isImportName)).toBe(true);
  expect(["imp", "imp-1", `${own}x`, `x${own}`].some(isImportName)).toBe(false);
  expect([own, "imp-1"].map(timelineOfLine)).toEqual([timeline, "wall"]);
});

test("calendars are given by their names in the line, and the copy's calendars belong to the carrier", () => {
  const care = file("care.yaml", "calendar: anything\nzone: America/Toronto\nweek: { mon: ['09:00-17:00'] }");
  const line = file("hours.yaml", handheld.replace("calendar: 24x7", "calendar: orchard/care"));
  expect(() => readObservedLine(line)).toThrow(
    /calendars that are not given: orchard\/care. Pass each with --calendar/,
  );
  const { document, calendars, idles, unchecked } = readObservedLine(line, [`orchard/care=${care}`]);
  expect(document.calendar).toBe("orchard--care");
  expect(calendars.map(({ calendar }) => calendar)).toEqual(["orchard--care"]);
  // The file alone does not determine the firings of a clock with open hours.
  expect({ idles, unchecked }).toEqual({ idles: [], unchecked: ["stall.busy", "silence"] });
});

test.each([
  ["an invalid line", "line: UPPER", /is not a valid line:\n {2}\/line: /],
  [
    "a crossing line without a line step",
    handheld.replace(/crossing:[^]*/, ""),
    /\/crossing: a line that crosses needs at least one/,
  ],
  ["damaged YAML", "{", /:1:\d+ /],
])("%s is refused, and the message names the place", (_, text, why) => {
  expect(() => readObservedLine(file("faulty.yaml", text))).toThrow(why);
});

/** Returns the request that `crossline replay` reads from its arguments. */
async function readRequest(...given: readonly string[]): Promise<ReplayRequest | RemovalRequest> {
  let request: ReplayRequest | RemovalRequest | undefined;
  const take = (parsed: ReplayRequest | RemovalRequest) => Promise.resolve(void (request = parsed));
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addReplay(program, { replay: take, remove: take });
  await program.parseAsync(["replay", ...given], { from: "user" });
  if (request === undefined) throw new Error("no verb ran");
  return request;
}

test.each([
  [["log.xes", "--idle", "2h", "--line", "builtin"], /--line.*cannot be used with.*--idle/],
  [["log.xes", "--calendar", "a=b"], /--calendar needs --line/],
  [["log.xes", "--line", "absent.yaml"], /Cannot read absent.yaml/],
])("%j is refused", async (given, why) => {
  await expect(readRequest(...given)).rejects.toThrow(why);
});

test.each([
  [["--line", "builtin"], "memory"],
  [["--line", "builtin", "--broker", "kafka"], "kafka"],
  [["--line", "builtin", "--kill", "timer"], undefined],
  [["--idle", "24h"], undefined],
])("with the arguments %j, the replay uses the broker %s", async (given, broker) => {
  expect(await readRequest("log.xes", ...given)).toMatchObject({ file: "log.xes", broker });
});

test("--remove accepts one import, or none for the data of all replays", async () => {
  expect(await readRequest("log.xes")).not.toHaveProperty("timeline");
  expect(await readRequest("--remove")).toMatchObject({ timeline: undefined, port: 7310 });
  expect(await readRequest("--remove", "imp_1")).toMatchObject({ timeline: "imp_1" });
  await expect(readRequest("--remove", "wall")).rejects.toThrow(/Name one import/);
  await expect(readRequest("--remove", "--idle", "2h")).rejects.toThrow(
    /'--remove \[import\]' cannot be used with.*--idle/,
  );
});

test("without --idle and --line the replay counts silences of a day and of three days", async () => {
  const { line, reportsCrossings } = (await readRequest("log.xes")) as ReplayRequest;
  expect(line.idles.map(({ name }) => name)).toEqual(["idle-24h", "idle-72h"]);
  expect(reportsCrossings).toBe(false);
});

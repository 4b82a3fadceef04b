import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBundle } from "@crossline/domain";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { verifyDossier } from "../src/crossline/dossier-verify.ts";
import { type PlacedFault, checkLines, checkText } from "../src/crossline/line-check.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const places = (faults: readonly PlacedFault[]): string[] =>
  faults.map(({ line, column, at }) => `${line}:${column} ${at}`);

test("a line's faults are told at their line and column", () => {
  const text = [
    "line: phones",
    "calendar: 24x7",
    "match: case.kind",
    "clocks:",
    "  - { kind: stall.busy, target: PT20M }",
    "  - kind: stall.idle",
    "    target: PT0S",
    "crossing: [{ to: queue:orchard.handheld }]",
    "lastResort: []",
    "colour: blue",
    "",
  ].join("\n");
  expect(places(checkText(text).faults)).toEqual(["7:5 /clocks/1/target", "10:1 /colour"]);
  const mended = text.replace("PT0S", "PT2H").replace("colour: blue\n", "");
  expect(places(checkText(mended).faults)).toEqual(["3:1 /match", "9:1 /lastResort"]);
});

test("a calendar is told from a line, and JSON is read as well", () => {
  const closed = '{ "calendar": "never", "zone": "America/Toronto", "week": {} }';
  expect(checkText(closed)).toMatchObject({ what: "a calendar", faults: [{ at: "/week" }] });
  expect(checkText("line: [").faults[0]).toMatchObject({ line: 1 });
});

test("line check ends with 1 where a file has faults, and with 0 where none has", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const sound = join(import.meta.dirname, "../../lines/handheld-consumer.yaml");
  const faulty = join(folder, "faulty.yaml");
  writeFileSync(faulty, readFileSync(sound, "utf8").replace("PT45M", "PT0S"));
  expect(await checkLines([sound])).toBe(0);
  expect(await checkLines([sound, faulty])).toBe(1);
  vi.restoreAllMocks();
});

test("dossier verify ends with 1 where a byte is another", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const file = join(folder, "dossier.json");
  const text = writeBundle({
    exportedAt: "2026-03-07T09:00:00Z",
    exportedFor: "northtel",
    case: { id: "cs_1" },
    contacts: [],
    entries: [],
  });
  writeFileSync(file, text);
  expect(await verifyDossier([file])).toBe(0);
  writeFileSync(file, text.replace("northtel", "northtal"));
  expect(await verifyDossier([file])).toBe(1);
  vi.restoreAllMocks();
});

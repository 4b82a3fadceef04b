import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportFormats, writeExportFile } from "@crossline/domain";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { crossline } from "../src/crossline.ts";
import { exitCodeOf } from "../src/fault.ts";
import { verifyDossier } from "../src/verbs/dossier-verify.ts";
import { checkLines, checkText } from "../src/verbs/line-check.ts";
import { type PlacedFault, readText } from "../src/document-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command as a shell would, and returns the exit code and the output. */
async function run(...args: readonly string[]): Promise<{ readonly code: unknown; readonly printed: string }> {
  const printed: string[] = [];
  const write = (text: unknown): boolean => printed.push(String(text)) > 0;
  vi.spyOn(process.stdout, "write").mockImplementation(write);
  vi.spyOn(process.stderr, "write").mockImplementation(write);
  const before = process.exitCode;
  try {
    await crossline().parseAsync(args, { from: "user" });
    return { code: process.exitCode, printed: printed.join("") };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = before;
  }
}

const places = (faults: readonly PlacedFault[]): string[] =>
  faults.map(({ line, column, at }) => `${line}:${column} ${at}`);

test("line check reports each fault of a line with its row and column", () => {
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
  const fixed = text.replace("PT0S", "PT2H").replace("colour: blue\n", "");
  expect(places(checkText(fixed).faults)).toEqual(["3:1 /match", "9:1 /lastResort"]);
});

test("line check distinguishes calendars from lines, and reads JSON too", () => {
  const closed = '{ "calendar": "never", "zone": "America/Toronto", "week": {} }';
  expect(checkText(closed)).toMatchObject({ what: "a calendar", faults: [{ at: "/week" }] });
  expect(checkText("line: [").faults[0]).toMatchObject({ line: 1 });
});

test("a file that is not in UTF-8 is refused, and the message names its first invalid row", () => {
  const file = join(folder, "latin1.yaml");
  writeFileSync(file, Buffer.from("line: phones\n# M\u00fcller\n", "latin1"));
  expect(() => readText(file)).toThrow(`${file}:2 is not text in UTF-8`);
});

test.each([
  ["nothing", "", "is empty"],
  ["a comment alone", "# later\n", "is empty"],
  ["two documents", "line: a\n---\nline: b\n", "has a second document: write one document per file"],
  [
    "aliases of aliases",
    `a: &a [${"x,".repeat(9)}]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]\n`,
    "has too many aliases: write the values out",
  ],
])("%s is refused with Crossline's own message", (_, text, message) => {
  expect(checkText(text).faults).toMatchObject([{ at: "", message }]);
});

test("line check exits with 1 if a file has faults, and otherwise with 0", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const sound = join(import.meta.dirname, "../../../infra/lines/handheld-consumer.yaml");
  const faulty = join(folder, "faulty.yaml");
  writeFileSync(faulty, readFileSync(sound, "utf8").replace("PT45M", "PT0S"));
  expect(await checkLines([sound])).toBe(0);
  expect(await checkLines([sound, faulty])).toBe(1);
  vi.restoreAllMocks();
});

test("roster check shows the persons on duty from an instant on, and warnings and faults with row and column", async () => {
  const file = join(folder, "duty.yaml");
  const text = [
    "roster: duty",
    "people:",
    "  - { id: ada, name: Ada, mail: ada@northtel.example }",
    "  - { id: ben, name: Ben, mail: ben@northtel.example }",
    "rotation:",
    "  - name: primary",
    "    periods:",
    "      - { from: 2026-03-02, turn: daily, handover: '09:00', zone: America/Toronto, order: [ada, ben] }",
    "      - { from: 2026-03-04, turn: daily, handover: '09:00', zone: America/Toronto, order: [ada] }",
    "",
  ].join("\n");
  const check = async (...args: string[]) => {
    const { code, printed } = await run("roster", "check", file, ...args);
    return { code, printed: printed.replaceAll(file, "duty.yaml").split("\n") };
  };
  writeFileSync(file, text);
  const before = await check("--at", "2026-03-02T09:00:00-05:00", "--days", "3");
  expect(before).toEqual({
    code: 0,
    printed: [
      "duty.yaml: a roster without faults",
      "",
      "  from                   to                     primary",
      "  2026-03-02T14:00:00Z   2026-03-03T14:00:00Z   ada",
      "  2026-03-03T14:00:00Z   2026-03-04T14:00:00Z   ben",
      "  2026-03-04T14:00:00Z   2026-03-05T14:00:00Z   ada",
      "",
    ],
  });
  const after = await check("--at", "2026-03-04T09:00:00-05:00");
  expect(after.printed[1]).toBe(
    "duty.yaml:4:5 /people/1 warning: is never on duty; add the person to an order, or remove the person",
  );
  writeFileSync(file, text.replace("order: [ada]", "order: [eve]"));
  const faulty = await check();
  expect(faulty.code).toBe(1);
  expect(faulty.printed[0]).toMatch(/^duty\.yaml:9:\d+ \/rotation\/0\/periods\/1\/order\/0 is not in/);
  await expect(run("roster", "check")).rejects.toThrow("missing required argument 'file'");
  await expect(check("--days", "32")).rejects.toThrow("1 to 31");
  await expect(check("--at", "noon")).rejects.toThrow("an instant");
});

test("an export file from a version without internal chains can still be verified", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const exported = join(import.meta.dirname, "../../domain/test/dossier/format-1.dossier");
  expect(await verifyDossier(exported)).toBe(0);
  const changed = join(folder, "changed.dossier");
  writeFileSync(changed, readFileSync(exported, "utf8").replace("out of memory", "out of energy"));
  expect(await verifyDossier(changed)).toBe(1);
  vi.restoreAllMocks();
});

test("dossier verify exits with 1 if a byte was changed", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const file = join(folder, "dossier.json");
  const text = writeExportFile({
    format: exportFormats.ownChains,
    exportedAt: "2026-03-07T09:00:00Z",
    exportedFor: "northtel",
    case: { id: "cs_1" },
    contacts: [],
    shared: { entries: [] },
    internal: { entries: [] },
  });
  writeFileSync(file, text);
  expect(await verifyDossier(file)).toBe(0);
  writeFileSync(file, text.replace("northtel", "northtal"));
  expect(await verifyDossier(file)).toBe(1);
  vi.restoreAllMocks();
});

test.each([
  [["--help"], 0, "(outputHelp)"],
  [["story", "6"], 2, "Allowed choices are 1, 2, 3, 4, 5"],
  [["lines"], 2, "unknown command 'lines'"],
  [["replay", "log.xes", "--calendar", "a=b"], 2, "--calendar needs --line."],
  [["line", "check", "absent.yaml"], 1, "Cannot read absent.yaml"],
  [["set-aside", "--compose", "--external"], 2, "cannot be used with option '--external'"],
  [["roster", "show", "duty", "--url", "nonsense"], 2, "nonsense is no address"],
  [["set-aside", "--now"], 2, "unknown option '--now'"],
])("crossline %j exits with %i", async (args, code, message) => {
  const error: unknown = await run(...args).catch((cause: unknown) => cause);
  expect(String(error)).toContain(message);
  expect(exitCodeOf(error)).toBe(code);
});

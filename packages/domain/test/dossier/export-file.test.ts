import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verifyExportFile } from "../../src/index.ts";
import { oneChainFile, entry, forge } from "./given.ts";

const step = { name: "reinstall-software", parameters: { version: "4" }, outcome: "failed" } as const;
const entries = () => [
  entry({ text: "He is “quite” angry – wieder" }),
  entry({ kind: "step-tried", step }),
  entry({ audience: "internal", text: "careful with him" }),
  entry({ kind: "fact", fact: { name: "msid", value: "42" }, subject: { name: "B. Customer" } }),
];
const whole = () => oneChainFile(entries());
const places = (text: string) => verifyExportFile(text).map(({ at, message }) => `${at} ${message}`);

test("the verification needs only the export file, even if the file has no entries or hides internal entries", () => {
  expect(places(whole())).toEqual([]);
  expect(places(oneChainFile([]))).toEqual([]);
  const hidden = oneChainFile(entries(), new Set([2]));
  expect(places(hidden)).toEqual([]);
  expect(hidden).not.toContain("careful with him");
});

test("a newline at the end of the file changes nothing", () => {
  expect(places(`${whole()}\n`)).toEqual([]);
});

describe("the verification finds a fault in spite of a correct digest", () => {
  test.each<[string, (file: any) => void, string[]]>([
    [
      "a changed word",
      ({ entries: [first] }) => void (first.entry.text = "He is calm"),
      ["/entries/0 does not match its hash: it was changed"],
    ],
    [
      "a changed outcome of a tried step",
      ({ entries: [, second] }) => void (second.entry.step.outcome = "worked"),
      ["/entries/1 does not match its hash: it was changed"],
    ],
    [
      "a changed instant of an entry",
      ({ entries: [, , third] }) => void (third.at = "2026-03-07T13:10:00Z"),
      ["/entries/2 does not match its hash: it was changed"],
    ],
    [
      "a changed name of a person",
      ({ entries: [, , , fourth] }) => void (fourth.entry.subject.name = "C. Customer"),
      ["/entries/3 does not match its hash: it was changed"],
    ],
    [
      "a missing entry",
      (file) => void file.entries.splice(1, 1),
      ["/entries/1 must be number 2: an entry is missing", "/entries/1 does not follow the previous entry"],
    ],
    [
      "a missing last entry",
      (file) => void file.entries.pop(),
      ["/head is not the last entry: entries are missing at the end"],
    ],
    [
      "two swapped entries",
      (file) => void file.entries.splice(1, 2, file.entries[2], file.entries[1]),
      [
        "/entries/1 must be number 2: an entry is missing",
        "/entries/1 does not follow the previous entry",
        "/entries/2 must be number 4: an entry is missing",
        "/entries/2 does not follow the previous entry",
        "/entries/3 must be number 3: an entry is missing",
        "/entries/3 does not follow the previous entry",
      ],
    ],
    [
      "entries of another case",
      (file) => void (file.case.id = "cs_00000000000000000000000002"),
      [0, 1, 2, 3].map((index) => `/entries/${index} does not match its hash: it was changed`),
    ],
    [
      "a missing hash",
      ({ entries: [, second] }) => void delete second.hash,
      ["/entries/1 has no hash, but the previous entry has one", "/entries/2 does not follow the previous entry"],
    ],
  ])("%s", (_, change, expected) => {
    expect(places(forge(whole(), change))).toEqual(expected);
  });
});

test("the verification returns a fault for any text that is no export file, and never throws", () => {
  const format = "crossline.dossier/1";
  const texts = ["", "{", "null", "7", "[]", "{}", `{"format":"${format}"}`, `{"format":"${format}","entries":[]}`];
  texts.push(
    `{"format":"${format}","case":{"id":"x"},"entries":[null]}`,
    `{"format":"${format}","case":[],"entries":[7]}`,
  );
  for (const text of texts) expect(verifyExportFile(text)).not.toEqual([]);
});

test("entries that were added before chains existed have no hash, and the chain begins with the next entry", () => {
  const before = oneChainFile([]);
  const old = forge(before, (file) => {
    const { hash: _, previous: __, ...first } = JSON.parse(whole()).entries[0];
    file.entries = [first];
  });
  expect(places(old)).toEqual([]);
});

test("⚠ the verification finds any changed byte", () => {
  const bytes = Buffer.from(whole());
  const changed = fc
    .record({ place: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) })
    .map(({ place, by }) => {
      const copy = Buffer.from(bytes);
      copy[place] = (copy[place]! + by) % 256;
      return copy.toString("utf8");
    });
  fc.assert(
    fc.property(changed, (text) => {
      expect(verifyExportFile(text)).not.toEqual([]);
    }),
  );
});

test("⚠ the verification finds a removed byte, an added byte and a removed piece", () => {
  const text = whole();
  const cut = fc
    .record({
      from: fc.nat(text.length - 1),
      length: fc.integer({ min: 1, max: 400 }),
      put: fc.string({ maxLength: 3 }),
    })
    .map(({ from, length, put }) => text.slice(0, from) + put + text.slice(from + length))
    .filter((changed) => changed.trimEnd() !== text);
  fc.assert(
    fc.property(cut, (changed) => {
      expect(verifyExportFile(changed)).not.toEqual([]);
    }),
  );
});

test("⚠ the verification finds any missing entry in spite of a correct digest", () => {
  const all = Array.from({ length: 12 }, (_, index) => entry({ text: `note ${index}` }));
  const text = oneChainFile(all, new Set([3, 7]));
  const remainingIndices = fc.subarray([...all.keys()], { maxLength: all.length - 1 });
  fc.assert(
    fc.property(remainingIndices, (indices) => {
      const forged = forge(text, (file) => void (file.entries = indices.map((index) => file.entries[index])));
      expect(verifyExportFile(forged)).not.toEqual([]);
    }),
  );
});

test("the verification returns faults for any JSON of format 1 and never throws", () => {
  const outline = fc.record({
    format: fc.constant("crossline.dossier/1"),
    case: fc.record({ id: fc.string() }),
    entries: fc.array(
      fc.dictionary(fc.constantFrom("number", "hash", "previous", "hidden", "at", "entry"), fc.jsonValue()),
      { minLength: 1 },
    ),
    head: fc.jsonValue(),
  });
  fc.assert(
    fc.property(outline, (file) => {
      expect(verifyExportFile(JSON.stringify(file))).not.toEqual([]);
    }),
  );
});

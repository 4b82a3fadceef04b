import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EventData } from "@crossline/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countsFor, verifyExportFile } from "../../src/index.ts";
import { exportFileFor, entry, forge, olderCase, openedCase, rep, technician, write } from "./given.ts";

const aside = (text: string, author = rep) => ({ ...entry({ text, audience: "internal" as const }), author });
const openly = (text: string, author = rep) => ({ ...entry({ text }), author });
const story = () => [
  openly("screen is dark"),
  aside("careful with him"),
  aside("known flaw", technician),
  openly("battery changed", technician),
  aside("he calls every day"),
  openly("still dark"),
];
const links = (entries: readonly EventData<"entry.added">[]) =>
  entries.map(({ chain, actor, number, previous }) => [chain, actor.party, number, previous !== undefined]);
const faults = (text: string) => verifyExportFile(text).map(({ at, message }) => `${at} ${message}`);

test("each chain has separate numbers and hashes, and internal entries do not change the shared chain", () => {
  const { state, entries } = write(openedCase(), story());
  expect(links(entries)).toEqual([
    ["shared", "northtel", 1, false],
    ["internal", "northtel", 1, false],
    ["internal", "quill", 1, false],
    ["shared", "quill", 2, true],
    ["internal", "northtel", 2, true],
    ["shared", "northtel", 3, true],
  ]);
  expect(state.chain).toBe(entries[5]?.hash);
  expect(state.chains?.["northtel"]).toMatchObject({ entries: 2, head: entries[4]?.hash });
  const sharedOnly = story().filter(({ audience }) => audience !== "internal");
  const ids = entries.filter(({ chain }) => chain === "shared").map(({ entryId }) => entryId);
  const alone = write(
    openedCase(),
    sharedOnly.map((one, index) => ({ ...one, entryId: ids[index] ?? "" })),
  );
  expect(alone.state.chain).toBe(state.chain);
});

test("a case that was opened before each company had its own chain keeps one chain", () => {
  const { state, entries } = write(olderCase(), story());
  expect(entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(entries.every((one) => !("chain" in one))).toBe(true);
  expect(state).toMatchObject({ entries: 6, chain: entries[5]?.hash });
  expect(countsFor(state, "quill")).toMatchObject({ version: state.version, sequence: state.sequence });
});

test("the counts that a company reads omit the internal entries of other companies", () => {
  const { state } = write(openedCase(), story());
  const readBy = (company: string) =>
    story().filter(({ audience, author }) => audience !== "internal" || author.party === company);
  for (const company of ["northtel", "quill", "orchard"]) {
    const alone = write(openedCase(), readBy(company)).state;
    expect(countsFor(state, company)).toEqual(countsFor(alone, company));
    expect(countsFor(state, company).version).toBe(alone.version);
  }
});

test("each chain has a limit of 10,000 entries, and a full internal chain does not stop other companies", () => {
  const full = { entries: 10_000, head: "0", lastAt: 0, before: { crossingVersion: 1, entries: 0 } };
  const state = { ...openedCase(), chains: { northtel: full } };
  expect(() => write(state, [aside("one more")])).toThrow("A case has at most 10000 entries.");
  expect(() => write(state, [openly("one more"), aside("one more", technician)])).not.toThrow();
  expect(() => write({ ...state, entries: 10_000 }, [openly("one more")])).toThrow("A case has at most 10000 entries.");
});

describe("an export file of the shared chain and the reader's own chain", () => {
  test("the verification needs only the file, and the file contains nothing of another company's internal entries", () => {
    const text = exportFileFor("quill", story());
    expect(faults(text)).toEqual([]);
    expect(faults(exportFileFor("northtel", story()))).toEqual([]);
    expect(faults(exportFileFor("orchard", []))).toEqual([]);
    for (const word of ["careful", "every day", "hidden"]) expect(text).not.toContain(word);
    const ids = (file: string) => file.replaceAll(/en_\d+|[0-9a-f]{64}/g, "");
    const without = story().filter(({ audience, author }) => audience !== "internal" || author !== rep);
    expect(ids(text)).toBe(ids(exportFileFor("quill", without)));
  });

  test.each<[string, (file: any) => void, string[]]>([
    [
      "a changed word in the shared chain",
      ({ shared: { entries } }) => void (entries[0].entry.text = "screen is bright"),
      ["/shared/entries/0 does not match its hash: it was changed"],
    ],
    [
      "a changed word in the internal chain",
      ({ internal: { entries } }) => void (entries[0].entry.text = "rude"),
      ["/internal/entries/0 does not match its hash: it was changed"],
    ],
    [
      "a missing internal chain",
      (file) => void (file.internal.entries = []),
      ["/internal/head is not the last entry: entries are missing at the end"],
    ],
    [
      "missing hashes of a chain",
      ({ internal }) => {
        delete internal.head;
        for (const one of internal.entries) {
          delete one.hash;
          delete one.previous;
        }
      },
      ["/internal/entries/0 does not belong to this chain", "/internal/entries/1 does not belong to this chain"],
    ],
    [
      "an entry of the chain that is marked as hidden",
      ({ internal: { entries } }) => void ((entries[1].hidden = true), (entries[1].entry.text = "calm")),
      ["/internal/entries/1 does not belong to this chain"],
    ],
    [
      "two swapped chains",
      (file) => void ([file.shared, file.internal] = [file.internal, file.shared]),
      [
        "/shared/entries/0",
        "/shared/entries/1",
        "/internal/entries/0",
        "/internal/entries/1",
        "/internal/entries/2",
      ].map((place) => `${place} does not belong to this chain`),
    ],
    [
      "the internal chain of another company",
      (file) => void (file.exportedFor = "quill"),
      ["/internal/entries/0 does not belong to this chain", "/internal/entries/1 does not belong to this chain"],
    ],
  ])("in spite of a correct digest, the verification finds %s", (_, change, expected) => {
    expect(faults(forge(exportFileFor("northtel", story()), change))).toEqual(expected);
  });
});

test("⚠ the verification finds any changed byte, and any entry that is missing from one of the chains", () => {
  const text = exportFileFor("northtel", story());
  const bytes = Buffer.from(text);
  const changed = fc
    .record({ place: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) })
    .map(({ place, by }) => bytes.with(place, (bytes[place]! + by) % 256))
    .map((copy) => Buffer.from(copy).toString("utf8"));
  fc.assert(fc.property(changed, (one) => verifyExportFile(one).length > 0));
  const indices = fc
    .record({ shared: fc.subarray([0, 1, 2]), internal: fc.subarray([0, 1]) })
    .filter((left) => left.shared.length + left.internal.length < 5);
  fc.assert(
    fc.property(indices, (left) => {
      const forged = forge(text, (file) => {
        for (const chain of ["shared", "internal"] as const)
          file[chain].entries = left[chain].map((index) => file[chain].entries[index]);
      });
      expect(verifyExportFile(forged)).not.toEqual([]);
    }),
  );
});

test("the verification returns faults for any JSON of format 2 and never throws", () => {
  const row = fc.dictionary(fc.constantFrom("number", "hash", "previous", "hidden", "at", "entry"), fc.jsonValue());
  const chain = fc.record({ entries: fc.array(row, { minLength: 1 }), head: fc.jsonValue() });
  const outline = fc.record({
    format: fc.constant("crossline.dossier/2"),
    case: fc.record({ id: fc.string() }),
    exportedFor: fc.jsonValue(),
    shared: chain,
    internal: chain,
  });
  fc.assert(fc.property(outline, (file) => verifyExportFile(JSON.stringify(file)).length > 0));
  for (const shared of [null, 7, [], {}, { entries: [null] }])
    expect(
      faults(JSON.stringify({ format: "crossline.dossier/2", case: { id: "x" }, shared, internal: shared })),
    ).toEqual(["/format is not an export file of the format crossline.dossier/1 or crossline.dossier/2"]);
});

test("the verification accepts an export file of format 1 from an earlier version, even with hidden entries", () => {
  const text = readFileSync(join(import.meta.dirname, "format-1.dossier"), "utf8");
  expect(faults(text)).toEqual([]);
  expect(JSON.parse(text).entries.filter((one: object) => "hidden" in one)).toHaveLength(1);
  expect(faults(text.replace("out of memory", "out of energy"))).not.toEqual([]);
});

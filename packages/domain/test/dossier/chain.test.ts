import { expect, test } from "vitest";
import { canonicalJson, verifyExportFile } from "../../src/index.ts";
import { subjectHash } from "../../src/dossier/chain.ts";
import { oneChainFile, entry, forge, olderCase, openedCase, write } from "./given.ts";

test("entries are numbered from 1, each names the hash of the previous entry, and the case stores the head", () => {
  const { state, entries } = write(openedCase(), [entry({ text: "a" }), entry({ text: "b" }), entry({ text: "c" })]);
  expect(entries.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(entries.map(({ previous }) => previous)).toEqual([undefined, entries[0]?.hash, entries[1]?.hash]);
  expect(state.chain).toBe(entries[2]?.hash);
  expect(state.entries).toBe(3);
});

test("if a case was opened before chains existed, its count of entries stays, and its chain begins with the next entry", () => {
  const { chain: _, ...old } = { ...olderCase(), entries: 4 };
  const { entries } = write(old, [entry({ text: "new" })]);
  expect(entries[0]).toMatchObject({ number: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(entries[0]).not.toHaveProperty("previous");
});

test("an erasure of personal data leaves the chain valid", () => {
  const subject = { name: "B. Customer", phone: "+1 416 555 0120" };
  const text = oneChainFile([entry({ text: "a", subject }), entry({ text: "b" })]);
  const erase = (hash: string) =>
    forge(text, ({ entries: [first] }) => {
      delete first.entry.subject;
      first.entry.erased = hash;
    });
  expect(verifyExportFile(erase(subjectHash(subject)))).toEqual([]);
  expect(verifyExportFile(erase(subjectHash({ name: "C. Customer" })))).toHaveLength(1);
});

test.each([
  [{ b: 1, a: [true, null, "x"], "": {} }, '{"":{},"a":[true,null,"x"],"b":1}'],
  [{ a: undefined, b: "é\n" }, '{"b":"é\\n"}'],
  [{ "\u{1f600}": 1, "\ufb33": 2 }, '{"\u{1f600}":1,"\ufb33":2}'], // RFC 8785 sorts keys by code units.
])("equal values have the same canonical text: %j", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

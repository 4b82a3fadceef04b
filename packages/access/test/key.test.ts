import { expect, test } from "vitest";
import { hashKey, generateKey } from "../src/index.ts";
import { looksLikeKey } from "../src/key.ts";

test("a key names its party and carries 256 random bits; its hash is SHA-256", () => {
  const { key, keyId, hash } = generateKey("northtel");
  expect(key).toMatch(/^xl_northtel_[0-9A-Za-z]{43}$/);
  expect(keyId).toMatch(/^key_/);
  expect(hash).toBe(hashKey(key));
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(hashKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("all characters are equally likely", () => {
  const counts = new Map<string, number>();
  const text = Array.from({ length: 2000 }, () => generateKey("a").key.slice("xl_a_".length)).join("");
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(62);
  const mean = text.length / 62; // the mean is 1387, and the standard deviation is 37
  for (const count of counts.values()) expect(Math.abs(count - mean)).toBeLessThan(mean / 4);
});

test("`looksLikeKey` distinguishes texts with the form of a key from other texts", () => {
  expect(looksLikeKey(generateKey("lumen-europe").key)).toBe(true);
  for (const text of [
    "",
    "xl__",
    "xl_a_short",
    `xl_A_${"x".repeat(43)}`,
    `xl_a_${"x".repeat(65)}`,
    `xl_a_${"é".repeat(43)}`,
  ])
    expect(looksLikeKey(text)).toBe(false);
});

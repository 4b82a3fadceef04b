import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import {
  idCreatedAt,
  derivedId,
  formatDuration,
  formatInstant,
  lineDocument,
  newId,
  parseDuration,
  parseInstant,
  sentInstant,
  triedStep,
} from "../src/index.ts";

/** Lengths of time of every order of magnitude, positive and negative. */
const lengths = Array.from({ length: 4000 }, (_, index) =>
  Math.round((index % 2 === 0 ? 1 : -1) * 1.0081 ** index * (index % 3 === 0 ? 1000 : 1)),
).filter((ms) => Math.abs(ms) < 8e15);

test("instants and durations have the same text form as in Temporal", () => {
  for (const ms of [0, 1, 10, 100, 1_000, 59_999, 60_000, 3_600_000, 1_500, ...lengths]) {
    expect(formatDuration(ms)).toBe(
      Temporal.Duration.from({ milliseconds: ms }).round({ largestUnit: "hours" }).toString(),
    );
    expect(formatInstant(ms)).toBe(Temporal.Instant.fromEpochMilliseconds(ms).toString());
  }
});

test("derivedId returns 128 bits of the hash of its parts in base 32", () => {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  for (let part = 0; part < 200; part++) {
    const hash = createHash("sha256")
      .update(JSON.stringify(["cs_1", part]))
      .digest("hex")
      .slice(0, 32);
    const value = BigInt(`0x${hash}`).toString(32).padStart(26, "0");
    expect(derivedId("fir", "cs_1", part)).toBe(
      `fir_${value
        .split("")
        .map((d) => digits[Number.parseInt(d, 32)])
        .join("")}`,
    );
  }
  expect(derivedId("fir", "a", 1)).toBe("fir_" + derivedId("cs", "a", 1).slice(3));
});

test("idCreatedAt returns the time at which newId created an id", () => {
  const before = Date.now();
  const born = idCreatedAt(newId("cs"));
  expect(born).toBeGreaterThanOrEqual(before);
  expect(born).toBeLessThanOrEqual(Date.now());
  expect(idCreatedAt("imp_00000000010000000000000000")).toBe(1);
});

test("new ids are unique, have one form and sort by creation", async () => {
  const before = newId("cs");
  await new Promise((resolve) => setImmediate(resolve));
  const born = Date.now();
  while (Date.now() === born); // the next millisecond
  const ids = Array.from({ length: 10_000 }, () => newId("cs"));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^cs_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(ids.every((id) => id > before)).toBe(true);
});

test("a deadline 400 days after the last instant of a request still has a year of four digits", () => {
  const last = "9997-12-31T23:59:59.999Z";
  expect(sentInstant.safeParse(last).success).toBe(true);
  expect(sentInstant.safeParse("9998-01-01T00:00:00Z").success).toBe(false);
  expect(formatInstant(parseInstant(last) + parseDuration("P400D"))).toMatch(/^9999-/);
});

test("the schemas limit the parameters of a step and the addresses of a last resort", () => {
  const step = (count: number) => ({
    name: "reset",
    outcome: "failed",
    parameters: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, "x"])),
  });
  expect(triedStep.safeParse(step(50)).success).toBe(true);
  expect(triedStep.safeParse(step(51)).success).toBe(false);
  const line = (url: string) => ({
    line: "a",
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT2H" }],
    lastResort: [url],
  });
  expect(lineDocument.safeParse(line("https://example.com/x")).success).toBe(true);
  expect(lineDocument.safeParse(line(`https://example.com/${"x".repeat(2000)}`)).success).toBe(false);
});

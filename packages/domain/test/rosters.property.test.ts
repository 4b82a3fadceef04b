import { type RosterDocument, parseInstant } from "@crossline/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintRoster, onDuty } from "../src/index.ts";

const correct: RosterDocument = {
  roster: "duty",
  people: ["ada", "ben", "cem"].map((id) => ({
    id,
    name: id,
    mail: `${id}@northtel.example`,
    quiet: { from: "22:00", to: "07:00", zone: "America/Toronto" },
  })),
  rotation: [
    {
      turn: "daily",
      handover: "09:00",
      zone: "America/Toronto",
      start: "2026-03-02",
      order: ["ada", "ben", "cem"],
      hours: { mon: ["09:00-17:00"] },
    },
  ],
  overrides: [{ from: "2026-03-03T12:00:00-05:00", to: "2026-03-04T12:00:00-05:00", person: "ada" }],
  swaps: [{ from: "2026-03-03T12:00:00-05:00", to: "2026-03-04T12:00:00-05:00", between: ["ben", "cem"] }],
  mayWake: "major",
};

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;

/** Returns the places of a document. Each place is a list of keys. */
function places(value: Json, above: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [above];
  return [above, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...above, key]))];
}

function replaced(value: Json, [key, ...rest]: readonly string[], by: Json): Json {
  if (key === undefined || typeof value !== "object" || value === null) return by;
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === key ? replaced(inner, rest, by) : inner));
  return { ...value, [key]: replaced(value[key] ?? null, rest, by) };
}

const words = fc.constantFrom<Json>(
  "",
  "09:00",
  "24:00",
  "America/Toronto",
  "-05:00",
  "2026-02-30",
  "9999-12-31",
  "eve",
  "x\r\ny",
);

test("if the lint reports no error, every person on duty is a person of the roster", () => {
  const document = correct as unknown as Json;
  const place = fc.constantFrom(...places(document));
  const value = fc.oneof(words, fc.jsonValue() as fc.Arbitrary<Json>);
  fc.assert(
    fc.property(place, value, fc.integer({ min: -1e13, max: 1e14 }), (path, by, at) => {
      const linted = lintRoster(replaced(document, path, by), at);
      const ids = linted.ok ? linted.document.people.map(({ id }) => id) : [];
      const unknownPeople = linted.ok ? onDuty(linted.document, at, true).filter(({ id }) => !ids.includes(id)) : [];
      expect({ unknownPeople, hasReason: linted.ok || linted.faults.length > 0 }).toEqual({
        unknownPeople: [],
        hasReason: true,
      });
    }),
    { numRuns: 800 },
  );
});

// Every transition of these zones and every handover happens at a full quarter of an hour, so the test checks only these
// instants.
const quarterMs = 900_000;

describe("around a change to or from daylight saving time, every handover happens once and each instant has a person on duty", () => {
  const handovers = ["00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "12:00"];
  test.each([
    ["America/Toronto", "2026-03-08"],
    ["America/Toronto", "2026-11-01"],
    ["America/Sao_Paulo", "2018-11-04"], // The local time skips from 00:00 to 01:00.
    ["Australia/Lord_Howe", "2026-04-05"], // The offset changes by half an hour.
    ["Australia/Lord_Howe", "2026-10-04"],
    ["Asia/Beirut", "2026-03-29"],
    ["Europe/London", "2026-10-25"],
  ])("%s on %s", (zone, date) => {
    const from = Temporal.PlainDate.from(date)
      .subtract({ days: 1 })
      .toZonedDateTime({ timeZone: zone, plainTime: "12:15" });
    const until = from.add({ days: 2 });
    for (const handover of handovers) {
      const rotation = [{ turn: "daily" as const, handover, zone, start: "2018-01-01", order: ["ada", "ben", "cem"] }];
      const document: RosterDocument = { roster: "duty", people: correct.people, rotation };
      const seen: string[] = [];
      for (let at = from.epochMilliseconds; at < until.epochMilliseconds; at += quarterMs) {
        const [first, last] = [at, at + quarterMs - 1].map((instant) => onDuty(document, instant, true));
        expect(last).toEqual(first);
        expect(first).toHaveLength(1);
        if (first?.[0]?.id !== seen.at(-1)) seen.push(first?.[0]?.id ?? "");
      }
      const order = ["ada", "ben", "cem"];
      const first = order.indexOf(seen[0] ?? "");
      expect(seen).toEqual([0, 1, 2].map((nth) => order[(first + nth) % 3]));
    }
  });
});

test("the people on duty at an instant do not depend on the offset of the instant", () => {
  const at = parseInstant("2026-03-02T15:00:00Z");
  expect(at).toBe(parseInstant("2026-03-02T10:00:00-05:00"));
  expect(onDuty({ ...correct, overrides: [], swaps: [] }, at, false).map(({ id }) => id)).toEqual(["ada"]);
});

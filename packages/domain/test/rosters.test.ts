import { type RosterDocument, parseInstant } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { lintRoster, mayWake, onDuty } from "../src/index.ts";

const people = ["ada", "ben", "cem"].map((id) => ({ id, name: id.toUpperCase(), mail: `${id}@northtel.example` }));
const daily = {
  turn: "daily" as const,
  handover: "09:00",
  zone: "America/Toronto",
  start: "2026-03-02",
  order: ["ada", "ben", "cem"],
};
const roster: RosterDocument = { roster: "duty", people, rotation: [daily] };

const who = (document: RosterDocument, at: string, through = false) =>
  onDuty(document, parseInstant(at), through).map(({ id }) => id);

describe("a rotation", () => {
  test.each([
    ["2026-03-02T08:59:59-05:00", []],
    ["2026-03-02T09:00:00-05:00", ["ada"]],
    ["2026-03-03T08:59:59-05:00", ["ada"]],
    ["2026-03-03T09:00:00-05:00", ["ben"]],
    ["2026-03-05T09:00:00-05:00", ["ada"]],
  ])("daily at 09:00 in Toronto: at %s %j is on duty", (at, expected) => expect(who(roster, at)).toEqual(expected));

  test.each([
    ["2026-03-09T08:59:59-04:00", ["ada"]],
    ["2026-03-09T09:00:00-04:00", ["ben"]],
    ["2026-03-23T09:00:00-04:00", ["ada"]],
  ])("weekly, from a Monday on: at %s %j is on duty", (at, expected) =>
    expect(who({ ...roster, rotation: [{ ...daily, turn: "weekly" }] }, at)).toEqual(expected),
  );

  test("hands over at the same local time on both sides of a change of clocks", () => {
    // 8 March 2026: 02:00 EST becomes 03:00 EDT.
    expect(who(roster, "2026-03-08T08:59:59-04:00")).toEqual(["cem"]);
    expect(who(roster, "2026-03-08T09:00:00-04:00")).toEqual(["ada"]);
  });

  test("a handover at a time that is skipped happens at the first instant after the gap", () => {
    const night = { ...roster, rotation: [{ ...daily, handover: "02:30" }] };
    expect(who(night, "2026-03-08T01:59:59-05:00")).toEqual(["cem"]);
    expect(who(night, "2026-03-08T03:00:00-04:00")).toEqual(["ada"]);
  });

  test("a handover at a time that happens twice happens once, the first time", () => {
    const night = { ...roster, rotation: [{ ...daily, handover: "01:30", start: "2026-10-31" }] };
    expect(who(night, "2026-11-01T01:29:59-04:00")).toEqual(["ada"]);
    expect(who(night, "2026-11-01T01:30:00-04:00")).toEqual(["ben"]);
    expect(who(night, "2026-11-01T01:15:00-05:00")).toEqual(["ben"]);
    expect(who(night, "2026-11-01T01:45:00-05:00")).toEqual(["ben"]);
  });

  test("only in its hours is anybody on duty, and every layer has somebody", () => {
    const office = { ...daily, order: ["cem"], hours: { mon: ["09:00-17:00"], tue: ["09:00-12:00", "13:00-17:00"] } };
    const two = { ...roster, rotation: [daily, office] };
    expect(who(two, "2026-03-03T11:59:59-05:00")).toEqual(["ben", "cem"]);
    expect(who(two, "2026-03-03T12:00:00-05:00")).toEqual(["ben"]);
    expect(who(two, "2026-03-04T10:00:00-05:00")).toEqual(["cem"]);
  });
});

test("an override stands in for everybody; a swap exchanges two, from its first instant until before its last", () => {
  const window = { from: "2026-03-03T12:00:00-05:00", to: "2026-03-04T12:00:00-05:00" };
  const swap = { ...roster, swaps: [{ ...window, between: ["ben", "cem"] }] };
  expect(who(swap, "2026-03-03T11:59:59-05:00")).toEqual(["ben"]);
  expect(who(swap, "2026-03-03T12:00:00-05:00")).toEqual(["cem"]);
  expect(who(swap, "2026-03-04T10:00:00-05:00")).toEqual(["ben"]);
  expect(who(swap, "2026-03-04T12:00:00-05:00")).toEqual(["cem"]);
  const override = { ...swap, overrides: [{ ...window, person: "ada" }] };
  expect(who(override, "2026-03-03T12:00:00-05:00")).toEqual(["ada"]);
  expect(who(override, "2026-03-04T12:00:00-05:00")).toEqual(["cem"]);
});

test("quiet hours go over midnight on the person's own clock, and only what may wake them gets through", () => {
  const quiet = { from: "22:00", to: "07:00", zone: "America/Vancouver" };
  const document = { ...roster, people: people.map((person) => ({ ...person, quiet })) };
  // 00:59 in Toronto is 21:59 in Vancouver.
  expect(who(document, "2026-03-04T00:59:59-05:00")).toEqual(["ben"]);
  expect(who(document, "2026-03-04T01:00:00-05:00")).toEqual([]);
  expect(who(document, "2026-03-04T01:00:00-05:00", true)).toEqual(["ben"]);
  expect(who(document, "2026-03-04T09:59:00-05:00")).toEqual([]);
  expect(who(document, "2026-03-04T10:00:00-05:00")).toEqual(["cem"]);
});

test.each([
  [{}, [true, false, false]],
  [{ mayWake: "major" as const }, [true, true, false]],
  [{ mayWake: true }, [true, true, true]],
  [{ mayWake: false }, [false, false, false]],
  [{ mayWake: false, emergency: true }, [true, true, true]],
])("pages through quiet hours by %j: critical, major, minor %j", (more, expected) => {
  const all = (["critical", "major", "minor"] as const).map((severity) => mayWake({ ...roster, ...more }, severity));
  expect(all).toEqual(expected);
});

describe("the lint names the place", () => {
  const window = { from: "2026-03-03T12:00:00-05:00", to: "2026-03-04T12:00:00-05:00" };
  const later = { from: "2026-03-04T11:00:00-05:00", to: "2026-03-05T12:00:00-05:00" };
  const dora = { id: "dora", name: "Dora", url: "https://pager.example.com/dora" };
  test.each([
    ["nothing", {}, []],
    ["an unknown person", { rotation: [{ ...daily, order: ["ada", "ben", "cem", "eve"] }] }, ["/rotation/0/order/3"]],
    ["an unknown person who stands in", { overrides: [{ ...window, person: "eve" }] }, ["/overrides/0/person"]],
    ["no layer", { rotation: [] }, ["/people/0", "/people/1", "/people/2", "/rotation"]],
    ["an empty rotation", { rotation: [daily, { ...daily, order: [] }] }, ["/rotation/1/order"]],
    ["hours that never open", { rotation: [{ ...daily, hours: { mon: [] } }] }, ["/rotation/0/hours"]],
    ["somebody who is never on duty", { people: [...people, dora] }, ["/people/3"]],
    [
      "somebody who cannot be reached",
      { people: people.map(({ id, name }) => ({ id, name })) },
      [0, 1, 2].map((n) => `/people/${n}`),
    ],
    ["a second person of that id", { people: [...people, { ...dora, id: "ada" }] }, ["/people/3/id"]],
    [
      "swaps that overlap",
      {
        swaps: [
          { ...window, between: ["ada", "ben"] },
          { ...later, between: ["ben", "cem"] },
        ],
      },
      ["/swaps/1"],
    ],
    [
      "overrides that overlap",
      {
        overrides: [
          { ...window, person: "ada" },
          { ...later, person: "ben" },
        ],
      },
      ["/overrides/1"],
    ],
    ["a swap with oneself", { swaps: [{ ...window, between: ["ada", "ada"] }] }, ["/swaps/0/between"]],
    [
      "an end before its beginning",
      { overrides: [{ from: window.to, to: window.from, person: "ada" }] },
      ["/overrides/0/to"],
    ],
    [
      "a mail address that would be more headers",
      { people: [{ ...people[0], mail: "ada@x.example\r\nBcc: all@x.example" }, ...people.slice(1)] },
      ["/people/0/mail"],
    ],
    [
      "a name of two lines",
      { people: [{ ...people[0], name: "Ada\nBcc: x" }, ...people.slice(1)] },
      ["/people/0/name"],
    ],
    ["an unknown zone", { rotation: [{ ...daily, zone: "Mars/Olympus" }] }, ["/rotation/0/zone"]],
    ["an unknown field", { rotations: [] }, ["/rotations"]],
    ["another schema", { schema: 2 }, ["/schema"]],
  ])("%s", (_, more, expected) => {
    const linted = lintRoster({ ...roster, ...more });
    expect(linted.ok ? [] : linted.faults.map(({ at }) => at)).toEqual(expected);
  });
});

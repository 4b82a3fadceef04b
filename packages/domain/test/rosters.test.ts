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

const monday = parseInstant("2026-03-02T09:00:00-05:00");

const who = (document: RosterDocument, at: string, through = false) =>
  onDuty(document, parseInstant(at), through).map(({ id }) => id);

describe("a rotation", () => {
  test.each([
    ["2026-03-02T08:59:59-05:00", []],
    ["2026-03-02T09:00:00-05:00", ["ada"]],
    ["2026-03-03T08:59:59-05:00", ["ada"]],
    ["2026-03-03T09:00:00-05:00", ["ben"]],
    ["2026-03-05T09:00:00-05:00", ["ada"]],
  ])("with a daily handover at 09:00 in Toronto, the people on duty at %s are %j", (at, expected) =>
    expect(who(roster, at)).toEqual(expected),
  );

  test.each([
    ["2026-03-09T08:59:59-04:00", ["ada"]],
    ["2026-03-09T09:00:00-04:00", ["ben"]],
    ["2026-03-23T09:00:00-04:00", ["ada"]],
  ])("with a weekly handover on Mondays, the people on duty at %s are %j", (at, expected) =>
    expect(who({ ...roster, rotation: [{ ...daily, turn: "weekly" }] }, at)).toEqual(expected),
  );

  test("a rotation hands over at the same local time before and after the start of daylight saving time", () => {
    // On 8 March 2026, 02:00 EST becomes 03:00 EDT.
    expect(who(roster, "2026-03-08T08:59:59-04:00")).toEqual(["cem"]);
    expect(who(roster, "2026-03-08T09:00:00-04:00")).toEqual(["ada"]);
  });

  test("a rotation hands over at the first instant after the gap if the local time is skipped", () => {
    const night = { ...roster, rotation: [{ ...daily, handover: "02:30" }] };
    expect(who(night, "2026-03-08T01:59:59-05:00")).toEqual(["cem"]);
    expect(who(night, "2026-03-08T03:00:00-04:00")).toEqual(["ada"]);
  });

  test("a rotation hands over once, at the first occurrence, if the local time is ambiguous", () => {
    const night = { ...roster, rotation: [{ ...daily, handover: "01:30", start: "2026-10-31" }] };
    expect(who(night, "2026-11-01T01:29:59-04:00")).toEqual(["ada"]);
    expect(who(night, "2026-11-01T01:30:00-04:00")).toEqual(["ben"]);
    expect(who(night, "2026-11-01T01:15:00-05:00")).toEqual(["ben"]);
    expect(who(night, "2026-11-01T01:45:00-05:00")).toEqual(["ben"]);
  });

  test("a rotation has a person of each layer on duty, but only in the hours of the layer", () => {
    const office = { ...daily, order: ["cem"], hours: { mon: ["09:00-17:00"], tue: ["09:00-12:00", "13:00-17:00"] } };
    const two = { ...roster, rotation: [daily, office] };
    expect(who(two, "2026-03-03T11:59:59-05:00")).toEqual(["ben", "cem"]);
    expect(who(two, "2026-03-03T12:00:00-05:00")).toEqual(["ben"]);
    expect(who(two, "2026-03-04T10:00:00-05:00")).toEqual(["cem"]);
  });
});

test("between its start and its end, an override replaces all people, and a swap exchanges two people", () => {
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

test("quiet hours can cross midnight in the person's own zone, and only pages that the roster allows ignore them", () => {
  const quiet = { from: "22:00", to: "07:00", zone: "America/Vancouver" };
  const document = { ...roster, people: people.map((person) => ({ ...person, quiet })) };
  // When it is 00:59 in Toronto, it is 21:59 in Vancouver.
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
])("a roster with %j lets pages of critical, major and minor cases ignore quiet hours: %j", (more, expected) => {
  const all = (["critical", "major", "minor"] as const).map((severity) => mayWake({ ...roster, ...more }, severity));
  expect(all).toEqual(expected);
});

describe("the lint reports the place of each error", () => {
  const window = { from: "2026-03-03T12:00:00-05:00", to: "2026-03-04T12:00:00-05:00" };
  const later = { from: "2026-03-04T11:00:00-05:00", to: "2026-03-05T12:00:00-05:00" };
  const dora = { id: "dora", name: "Dora", url: "https://pager.example.com/dora" };
  test.each([
    ["nothing in a correct roster", {}, []],
    ["a webhook at port 0", { people: [...people, { ...dora, url: "http://x.example:0/" }] }, ["/people/3/url"]],
    ["an unknown person", { rotation: [{ ...daily, order: ["ada", "ben", "cem", "eve"] }] }, ["/rotation/0/order/3"]],
    ["an override by an unknown person", { overrides: [{ ...window, person: "eve" }] }, ["/overrides/0/person"]],
    ["a roster without a layer", { rotation: [] }, ["/rotation"]],
    ["a layer without periods", { rotation: [{ name: "primary", periods: [] }] }, ["/rotation/0/periods"]],
    [
      "two layers with the same name",
      {
        rotation: [
          { ...daily, name: "a" },
          { ...daily, name: "a" },
        ],
      },
      ["/rotation/1/name"],
    ],
    [
      "an override of an unknown layer",
      { overrides: [{ ...window, layer: "none", person: "ada" }] },
      ["/overrides/0/layer"],
    ],
    ["an empty rotation", { rotation: [daily, { ...daily, order: [] }] }, ["/rotation/1/order"]],
    ["hours that never open", { rotation: [{ ...daily, hours: { mon: [] } }] }, ["/rotation/0/hours"]],
    [
      "a person without a contact method",
      { people: people.map(({ id, name }) => ({ id, name })) },
      [0, 1, 2].map((n) => `/people/${n}`),
    ],
    ["two persons with the same id", { people: [...people, { ...dora, id: "ada" }] }, ["/people/3/id"]],
    [
      "overlapping swaps",
      {
        swaps: [
          { ...window, between: ["ada", "ben"] },
          { ...later, between: ["ben", "cem"] },
        ],
      },
      ["/swaps/1"],
    ],
    [
      "overlapping overrides",
      {
        overrides: [
          { ...window, person: "ada" },
          { ...later, person: "ben" },
        ],
      },
      ["/overrides/1"],
    ],
    ["a swap between one person", { swaps: [{ ...window, between: ["ada", "ada"] }] }, ["/swaps/0/between"]],
    [
      "an end before its start",
      { overrides: [{ from: window.to, to: window.from, person: "ada" }] },
      ["/overrides/0/to"],
    ],
    [
      "a mail address that adds headers",
      { people: [{ ...people[0], mail: "ada@x.example\r\nBcc: all@x.example" }, ...people.slice(1)] },
      ["/people/0/mail"],
    ],
    [
      "a name with a newline",
      { people: [{ ...people[0], name: "Ada\nBcc: x" }, ...people.slice(1)] },
      ["/people/0/name"],
    ],
    [
      "a name with a change of direction",
      { people: [{ ...people[0], name: "Ada \u202eCem" }, ...people.slice(1)] },
      ["/people/0/name"],
    ],
    ["an unknown zone", { rotation: [{ ...daily, zone: "Mars/Olympus" }] }, ["/rotation/0/zone"]],
    ["an unknown field", { rotations: [] }, ["/rotations"]],
    ["another schema", { schema: 2 }, ["/schema"]],
  ])("%s", (_, more, expected) => {
    const linted = lintRoster({ ...roster, ...more }, monday);
    expect(linted.ok ? [] : linted.faults.map(({ at }) => at)).toEqual(expected);
  });
});

describe("turns and hours", () => {
  const seven = ["ada", "ben", "cem", "dora", "eli", "fay", "gus"];
  const many = seven.map((id) => ({ id, name: id, mail: `${id}@northtel.example` }));
  const nine = ["09:00-17:00"];
  const weekdays = { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine };
  const office = { ...daily, order: seven, hours: weekdays };
  const noons = (document: RosterDocument, days: number) =>
    Array.from({ length: days }, (_, day) => who(document, new Date(Date.UTC(2026, 2, 2 + day, 17)).toISOString())[0]);

  test("⚠ with hours from Monday to Friday, seven people take turns in order, because days without hours are no turns", () => {
    const turns = noons({ roster: "duty", people: many, rotation: [office] }, 14);
    expect(turns.filter((id) => id !== undefined)).toEqual([...seven, "ada", "ben", "cem"]);
  });

  test("a night shift that starts on Sunday counts as Sunday's turn", () => {
    const night = { ...daily, handover: "20:00", order: seven, hours: { sun: ["22:00-24:00"], mon: ["00:00-06:00"] } };
    const document = { roster: "duty", people: many, rotation: [{ ...night, start: "2026-03-01" }] };
    expect(who(document, "2026-03-01T23:00:00-05:00")).toEqual(["ada"]);
    expect(who(document, "2026-03-02T05:00:00-05:00")).toEqual(["ada"]);
    expect(who(document, "2026-03-08T23:00:00-04:00")).toEqual(["ben"]);
  });

  test("the lint warns if a handover within the hours leaves few hours to a turn", () => {
    const short = { ...office, hours: { ...weekdays, fri: ["09:00-12:00"] } };
    const linted = lintRoster({ roster: "duty", people: many, rotation: [short] }, monday);
    expect(linted.ok && linted.warnings.map(({ at }) => at)).toEqual(["/rotation/0/handover"]);
  });
});

describe("the lint of a roster, from an instant on", () => {
  const { start: _, ...turns } = daily;
  const placesAt = (document: RosterDocument, at: string) => {
    const linted = lintRoster(document, parseInstant(at));
    return linted.ok ? linted.warnings.map((warning) => warning.at) : linted.faults;
  };
  const periods = (...all: object[]): RosterDocument =>
    ({ roster: "duty", people, rotation: [{ name: "primary", periods: all }] }) as RosterDocument;

  test("the lint warns of a person of an ended period who is never on duty, but not of a person of a future period", () => {
    const document = periods(
      { ...turns, from: "2026-03-02", order: ["ada", "ben"] },
      { ...turns, from: "2026-03-09", order: ["ben", "cem"] },
    );
    expect(placesAt(document, "2026-03-02T09:00:00-05:00")).toEqual([]);
    expect(placesAt(document, "2026-03-09T09:00:00-04:00")).toEqual(["/people/0"]);
  });

  test("the lint warns of a person who is never on duty because the period ends before their turn", () => {
    const document = periods(
      { ...turns, from: "2026-03-02", order: ["ada", "ben", "cem"] },
      { ...turns, from: "2026-03-04", order: ["ada", "ben"] },
    );
    expect(placesAt(document, "2026-03-02T09:00:00-05:00")).toEqual(["/people/2"]);
  });

  test("the lint counts a person in an override as on duty until the last override ends", () => {
    const window = { from: "2026-03-03T12:00:00-05:00", to: "2026-03-04T12:00:00-05:00" };
    const document = {
      ...roster,
      rotation: [{ ...daily, order: ["ada", "ben"] }],
      overrides: [{ ...window, person: "cem" }],
    };
    expect(placesAt(document, "2026-03-04T11:59:59-05:00")).toEqual([]);
    expect(placesAt(document, "2026-03-04T12:00:00-05:00")).toEqual(["/people/2"]);
  });

  test("the lint warns of the short turn before a period that starts three hours after a handover", () => {
    const next = { ...turns, handover: "12:00", from: "2026-03-09" };
    const document = periods({ ...turns, from: "2026-03-02" }, next);
    expect(placesAt(document, "2026-03-02T09:00:00-05:00")).toEqual(["/rotation/0/periods/1/from"]);
    expect(placesAt(document, "2026-03-09T12:00:00-04:00")).toEqual([]);
  });

  test("the lint warns if a new period ends a weekly turn early", () => {
    const weekly = { ...turns, turn: "weekly" };
    const document = periods({ ...weekly, from: "2026-03-02" }, { ...weekly, from: "2026-07-01" });
    expect(placesAt(document, "2026-03-02T09:00:00-05:00")).toEqual(["/rotation/0/periods/1/from"]);
    const whole = periods({ ...weekly, from: "2026-03-02" }, { ...weekly, from: "2026-07-06" });
    expect(placesAt(whole, "2026-03-02T09:00:00-05:00")).toEqual([]);
  });

  test("the lint warns if the start of daylight saving time will remove the hours of a night", () => {
    const night = { ...daily, handover: "00:00", hours: { sat: ["02:00-03:00"], sun: ["02:00-03:00"] } };
    expect(placesAt({ ...roster, rotation: [night] }, "2026-03-02T09:00:00-05:00")).toEqual(["/rotation/0/handover"]);
    expect(placesAt({ ...roster, rotation: [night] }, "2026-03-09T09:00:00-04:00")).toEqual([]);
  });
});

describe("periods", () => {
  const { start: _, ...turns } = daily;
  const periods = [
    { ...turns, from: "2026-03-02", order: ["ada", "ben"] },
    { ...turns, from: "2026-03-05", order: ["ada", "ben", "cem"] },
  ];
  const document: RosterDocument = { roster: "duty", people, rotation: [{ name: "primary", periods }] };

  test("⚠ a period begins on its date with the first person of its order, and changes no earlier turn", () => {
    const before = { ...document, rotation: [{ name: "primary", periods: periods.slice(0, 1) }] };
    for (const at of ["2026-03-02T10:00:00-05:00", "2026-03-04T10:00:00-05:00", "2026-03-05T08:59:59-05:00"])
      expect(who(document, at)).toEqual(who(before, at));
    expect(who(document, "2026-03-05T09:00:00-05:00")).toEqual(["ada"]);
    expect(who(document, "2026-03-07T09:00:00-05:00")).toEqual(["cem"]);
  });
});

describe("an override of a layer", () => {
  const second = { ...daily, name: "secondary", order: ["cem"] };
  const two: RosterDocument = { ...roster, rotation: [{ ...daily, name: "primary", order: ["ada"] }, second] };
  const window = { from: "2026-03-03T12:00:00-05:00", to: "2026-03-04T12:00:00-05:00" };
  const noon = "2026-03-03T13:00:00-05:00";

  test("⚠ an override of one layer does not change the other layers", () => {
    expect(who({ ...two, overrides: [{ ...window, layer: "primary", person: "ben" }] }, noon)).toEqual(["ben", "cem"]);
  });

  test("⚠ an override can leave one layer or all layers without a person", () => {
    expect(who({ ...two, overrides: [{ ...window, layer: "primary", person: null }] }, noon)).toEqual(["cem"]);
    expect(who({ ...two, overrides: [{ ...window, person: null }] }, noon)).toEqual([]);
  });

  test("an override names a layer by its index if the layer has no name", () => {
    const unnamed = { ...roster, overrides: [{ ...window, layer: "layer-1", person: "cem" }] };
    expect(who(unnamed, noon)).toEqual(["cem"]);
  });
});

test("⚠ a person who has only ended overrides causes a warning, not an error, so later changes can be published", () => {
  const dora = { id: "dora", name: "Dora", url: "https://pager.example.com/dora" };
  const linted = lintRoster({ ...roster, people: [...people, dora] }, monday);
  expect(linted.ok && linted.warnings.map(({ at }) => at)).toEqual(["/people/3"]);
});

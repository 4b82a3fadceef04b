import { describe, expect, test } from "vitest";
import { type BoardSearch, boardParameters, boardSearch, filtersOf, passes } from "../src/board/search.ts";
import { dueIn, row } from "./board-stream.ts";

const full: BoardSearch = {
  timeline: "stp_01jnrf4v2k8q6t0w3y5b7d9e1g",
  queue: "orchard.handheld",
  holder: "orchard",
  carrier: "northtel",
  person: "eng-1",
  model: "Handheld 8700",
  line: "handheld",
  dueBefore: "2026-03-07T15:00:00Z",
  severity: ["critical", "major"],
  phase: ["offered", "question"],
  resort: true,
  breached: true,
  sort: "ownDue",
};

describe("the address of a board", () => {
  test("keeps every filter, in the form of the router and in that of the API", () => {
    expect(boardSearch(full)).toEqual(full);
    expect(boardSearch(boardParameters(full))).toEqual(full);
    expect(boardParameters(full)).toMatchObject({
      severity: "critical,major",
      phase: "offered,question",
      resort: "true",
    });
  });

  test.each([
    [{ severity: "worst", phase: ["offered", "lost"] }, { phase: ["offered"] }],
    [{ dueBefore: "soon", resort: "yes", sort: "due" }, {}],
    [{ model: 8700, queue: "  ", timeline: "wall" }, { model: "8700" }],
    [{ dueBefore: "2026-02-31", timeline: ["stp_1"], queue: { a: 1 } }, {}],
    [{ severity: "major,critical,major" }, { severity: ["critical", "major"] }],
  ])("leaves out a parameter that does not fit: %o", (given, expected) => {
    expect(boardSearch(given)).toEqual(expected);
  });

  test("has filters apart from the timeline and the order", () => {
    expect(filtersOf({ timeline: "wall", sort: "opened" })).toEqual({});
    expect(Object.keys(filtersOf(full))).not.toContain("sort");
  });
});

describe("a row passes the filters", () => {
  const one = row("a", { queue: "orchard.handheld", person: "eng-1", model: "Handheld 8700", due: dueIn(60, 0) });
  test.each<[Parameters<typeof passes>[1], boolean]>([
    [{}, true],
    [{ queue: "orchard.handheld", person: "eng-1", model: "Handheld 8700", line: "handheld" }, true],
    [{ queue: "orchard.tier2" }, false],
    [{ person: "eng-2" }, false],
    [{ carrier: "northtel" }, true],
    [{ carrier: "rogers" }, false],
    [{ line: "hand" }, false],
    [{ severity: ["critical"] }, false],
    [{ phase: ["at-carrier", "offered"] }, true],
    [{ resort: true }, false],
    [{ breached: true }, false],
    [{ dueBefore: "1970-01-01T00:01:00.001Z" }, true],
    [{ dueBefore: "1970-01-01T00:01:00Z" }, false],
  ])("%o: %s", (filters, expected) => {
    expect(passes(one, filters)).toBe(expected);
  });

  test("but a row without a clock is due before no instant", () => {
    expect(passes(row("b"), { dueBefore: "9000-01-01T00:00:00Z" })).toBe(false);
  });
});

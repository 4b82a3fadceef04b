import { expect, test } from "vitest";
import { casesParameters, reportParameters } from "../src/reports/parameters.ts";
import { reportSearch } from "../src/reports/search.ts";
import { barsOf, differenceText, valueText } from "../src/reports/values.ts";

test("each unit has its own form, and a value that does not exist is a dash", () => {
  expect(valueText(0.625, "share")).toBe("62.5 %");
  expect(valueText(1.3333, "mean")).toBe("1.33");
  expect(valueText(12_345, "count")).toBe("12,345");
  expect(valueText(3_840_000, "milliseconds")).toBe("1 h 04 min");
  expect(valueText(null, "share")).toBe("–");
  expect(differenceText(0.25, "share")).toBe("+25 points");
  expect(differenceText(-1.5, "mean")).toBe("−1.5");
  expect(differenceText(-90_000, "milliseconds")).toBe("−1 min 30 s");
});

test("a share has a bar up to 100 %, other values have the largest value, and a negative value begins before 0", () => {
  expect(barsOf([0.5, 1, null], "share")).toEqual([{ start: 0, width: 50 }, { start: 0, width: 100 }, undefined]);
  expect(barsOf([1, 4], "mean").map((bar) => bar?.width)).toEqual([25, 100]);
  expect(barsOf([-50, 50], "milliseconds")).toEqual([
    { start: 0, width: 50 },
    { start: 50, width: 50 },
  ]);
  expect(barsOf([0, 0], "count").map((bar) => bar?.width)).toEqual([0, 0]);
});

test("a parameter of the address that does not fit is left out", () => {
  const search = reportSearch({
    report: "time-to-accept",
    by: "os,model",
    model: 8700,
    from: "2026-13-40",
    of: { os: 4 },
  });
  expect(search).toEqual({ report: "time-to-accept", by: "os,model", model: "8700", of: { os: "4" } });
});

test("days begin in the zone of the report, also on the day of a clock change", () => {
  const search = reportSearch({ from: "2026-03-08", to: "2026-03-09", zone: "America/Toronto", by: "code,os" });
  expect(reportParameters(search, ["os"])).toMatchObject({
    by: "os",
    from: "2026-03-08T05:00:00Z",
    to: "2026-03-09T04:00:00Z",
  });
});

test("the cases of a period are those of its days within the time of the report", () => {
  const search = reportSearch({ period: "month", from: "2026-03-10", zone: "UTC", os: "PocketOS" });
  expect(casesParameters(search, ["os"], { period: "2026-03-01", os: "TileOS" })).toMatchObject({
    os: "TileOS",
    from: "2026-03-10T00:00:00Z",
    to: "2026-04-01T00:00:00Z",
  });
});

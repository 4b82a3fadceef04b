import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { writeCsv } from "../src/routes/csv.ts";

test("a reader of RFC 4180 gets the same texts, with quotes, commas and rows in them", () => {
  const rows = [
    ["Handheld, 8700", 'the "new" one', "a\nb", "a\r\nb"],
    ["", " blank ", "ü", "1"],
  ];
  expect(parse(writeCsv(["one", "two", "three", "four"], rows), { from_line: 2 })).toEqual(rows);
  expect(writeCsv(["a"], [["b"]])).toBe("a\r\nb\r\n");
});

test("a text that begins like a formula has an apostrophe before it, and a number has none", () => {
  const begins = ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"];
  const read = parse(
    writeCsv(
      begins.map(() => "name"),
      [begins],
    ),
    { from_line: 2 },
  )[0] as string[];
  expect(read).toEqual(begins.map((text) => `'${text}`));
  expect(writeCsv(["value"], [[-5.5], [null]])).toBe("value\r\n-5.5\r\n\r\n");
});

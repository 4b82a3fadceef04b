import { expect, test } from "vitest";
import { parseCsv } from "../src/replay/csv.ts";

async function parseAll(...chunks: readonly string[]): Promise<string[][]> {
  async function* text(): AsyncIterable<string> {
    yield* chunks;
  }
  return await Array.fromAsync(parseCsv(text()));
}

test.each([
  [
    "newlines of either kind",
    ["a,b\r\n1,2\r\n"],
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["no newline at the end", ["a\n1"], [["a"], ["1"]]],
  ["half a newline at the end", ['a\r\n"1"\r'], [["a"], ["1"]]],
  ["empty rows", ["a\n\n\r\n1\n\n"], [["a"], ["1"]]],
  [
    "empty fields",
    ["a,b\n,\n"],
    [
      ["a", "b"],
      ["", ""],
    ],
  ],
  ["quotes, newlines and commas within quotes", ['a\n"x ""y"",\r\nz"\n'], [["a"], ['x "y",\r\nz']]],
  ["a quote in the middle of a field", ['a\n17" screen\n'], [["a"], ['17" screen']]],
  ["rows of another length", ["a,b\n1\n1,2,3\n"], [["a", "b"], ["1"], ["1", "2", "3"]]],
  ["chunks that end anywhere", ["a\r", '\n"é', '"', '"x"\r\n'], [["a"], ['é"x']]],
])("%s", async (_, chunks, rows) => {
  expect(await parseAll(...chunks)).toEqual(rows);
});

test("the reader refuses a text that ends within a quoted field", async () => {
  await expect(parseAll('a\n"1\n')).rejects.toThrow("the file ends within a quoted field");
});

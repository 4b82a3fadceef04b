import { expect, test } from "vitest";
import { parseCsv } from "../src/replay/csv.ts";

async function parsed(...chunks: readonly string[]): Promise<string[][]> {
  async function* text(): AsyncIterable<string> {
    yield* chunks;
  }
  return await Array.fromAsync(parseCsv(text()));
}

test.each([
  [
    "line ends of either kind",
    ["a,b\r\n1,2\r\n"],
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["no end of the last line", ["a\n1"], [["a"], ["1"]]],
  ["half an end of the last line", ['a\r\n"1"\r'], [["a"], ["1"]]],
  ["empty lines", ["a\n\n\r\n1\n\n"], [["a"], ["1"]]],
  [
    "empty fields",
    ["a,b\n,\n"],
    [
      ["a", "b"],
      ["", ""],
    ],
  ],
  ["quotes, line ends and commas within quotes", ['a\n"x ""y"",\r\nz"\n'], [["a"], ['x "y",\r\nz']]],
  ["a quote in the middle of a field", ['a\n17" screen\n'], [["a"], ['17" screen']]],
  ["rows of another length", ["a,b\n1\n1,2,3\n"], [["a", "b"], ["1"], ["1", "2", "3"]]],
  ["chunks that end anywhere", ["a\r", '\n"é', '"', '"x"\r\n'], [["a"], ['é"x']]],
])("%s", async (_, chunks, rows) => {
  expect(await parsed(...chunks)).toEqual(rows);
});

test("a text that ends within a quoted field is refused", async () => {
  await expect(parsed('a\n"1\n')).rejects.toThrow("the file ends within a quoted field");
});

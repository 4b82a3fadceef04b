import { afterEach, expect, test, vi } from "vitest";
import { printRows, printTable } from "../src/print.ts";

afterEach(() => void vi.restoreAllMocks());

function printed(work: () => void): string[] {
  const texts: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  work();
  return texts.join("").split("\n");
}

const rows = [
  { case: "NT-1", title: "No signal after the update of the operating system" },
  { case: "NT-1000", title: "Screen stays dark" },
];

test("a table has aligned columns, a header, and a dash for a missing value", () => {
  expect(printed(() => printRows([...rows, { case: "NT-3", title: undefined }]))).toEqual([
    "",
    "  case      title",
    "  NT-1      No signal after the update of the operating system",
    "  NT-1000   Screen stays dark",
    "  NT-3      –",
    "",
  ]);
  expect(printed(() => printRows([], "No case matches."))).toEqual(["No case matches.", ""]);
});

test("on a narrow terminal the widest column is cut, and no row is wider than the terminal", () => {
  const cut = printed(() => printTable(rows, 30));
  expect(cut.slice(1, 3)).toEqual(["  NT-1      No signal after t…", "  NT-1000   Screen stays dark"]);
  expect(cut.every((row) => row.length <= 30)).toBe(true);
});

test("a text cannot change the terminal or add rows", () => {
  expect(printed(() => printRows([{ title: "a\u001B[2Jb\nc\u0007d" }]))).toEqual(["", "  title", "  ab c d", ""]);
});

import { LineCounter, parseAllDocuments, visit } from "yaml";
import type { Passage } from "./passage.ts";

/** Returns the comments of a YAML file, and its strings that contain at least four words. */
export function yamlPassages(file: string, text: string): Passage[] {
  const passages: Passage[] = [];
  for (const [index, row] of text.split("\n").entries()) {
    const remark = /(?:^|\s)# ?(.*)$/.exec(row)?.[1];
    if (remark !== undefined && !/['"].*#/.test(row))
      passages.push({ file, line: index + 1, kind: "comment", text: remark });
  }
  const lines = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter: lines, customTags: [] }))
    visit(document, {
      Scalar(_, { value, range }) {
        if (typeof value !== "string" || !/^[A-Z]\S* \S+ \S+ \S+/.test(value)) return;
        passages.push({ file, line: lines.linePos(range?.[0] ?? 0).line, kind: "message", text: value });
      },
    });
  return passages;
}

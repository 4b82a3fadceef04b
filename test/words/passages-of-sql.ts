import type { Passage } from "./passage.ts";

/** Returns the comments of an SQL file, and the texts of its `comment on` statements. */
export function sqlPassages(file: string, text: string): Passage[] {
  const rows = text.split("\n");
  const remark = (row: string | undefined): string | undefined => /^\s*-- ?(.*)$/.exec(row ?? "")?.[1];
  const passages: Passage[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const first = index;
    const words: string[] = [];
    for (let row = remark(rows[index]); row !== undefined; row = remark(rows[(index += 1)])) words.push(row);
    if (words.length > 0) passages.push({ file, line: first + 1, kind: "comment", text: words.join("\n") });
  }
  for (const { index, 1: value = "" } of text.matchAll(/^comment on .*? is\s+'((?:[^']|'')*)'/gm))
    passages.push({
      file,
      line: text.slice(0, index).split("\n").length,
      kind: "comment",
      text: value.replaceAll("''", "'"),
    });
  return passages;
}

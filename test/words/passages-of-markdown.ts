import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { SKIP, visit } from "unist-util-visit";
import type { Passage } from "./passage.ts";

const kinds = { paragraph: "paragraph", heading: "heading", tableCell: "cell" } as const;

/** Returns the paragraphs, headings and table cells of a document in GitHub's Markdown, without blocks of code. */
export function markdownPassages(file: string, text: string): Passage[] {
  const passages: Passage[] = [];
  visit(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }), (node) => {
    if (node.type !== "paragraph" && node.type !== "heading" && node.type !== "tableCell") return;
    const line = node.position?.start.line ?? 0;
    passages.push({ file, line, kind: kinds[node.type], text: proseOf(node) });
    return SKIP;
  });
  return passages;
}

function proseOf(node: Nodes): string {
  if (node.type === "inlineCode") return `\`${node.value}\``;
  if (node.type === "break") return " ";
  if ("value" in node) return node.type === "html" ? "" : node.value;
  return "children" in node ? node.children.map(proseOf).join("") : "";
}

import { type Comment, type Node, Visitor, parseSync } from "oxc-parser";
import type { Passage } from "./passage.ts";

/** Matches a text of at least three words that begins with a letter. */
const prose = /^[^\w`(]*[A-Za-z`(][\w'’`-]*[,:;]? [\w'’`(…-]+[,:;]? [\w'’`(…-]+/;
const statement = /^\s*(?:--|select|insert|update|delete|with|create|alter|drop|truncate|set|lock|vacuum)\b/i;

/** Returns the comments, docstrings, messages and test titles of a TypeScript file, and the texts of its JSX. */
export function codePassages(file: string, text: string): Passage[] {
  const { program, comments } = parseSync(file, text);
  const lineOf = lineCounter(text);
  const passages = joined(comments, text).map(({ start, type, value }): Passage => ({
    file,
    line: lineOf(start),
    kind: type === "Block" && value.startsWith("*") ? "docstring" : "comment",
    text: value.replaceAll(/^\s*\*+ ?/gm, "").trim(),
  }));
  const titles = new Set<Node>();
  const add = (node: Node, value: string): void => {
    // In a test, strings that are not titles are data.
    if (!titles.has(node) && /\.test\.tsx?$|^(?:packages|services)\/[^/]+\/test\//.test(file)) return;
    // The lists of the guard are words of companies in four languages, which Crossline never writes.
    if (file === "packages/domain/src/message/blame/leading-words.ts") return;
    if (!prose.test(value) || statement.test(value)) return;
    passages.push({ file, line: lineOf(node.start), kind: titles.has(node) ? "title" : "message", text: value });
  };
  new Visitor({
    CallExpression(call) {
      const [first] = call.arguments;
      if (first !== undefined && /^(?:test|it|describe)\b/.test(text.slice(call.start, call.start + 8)))
        titles.add(first);
    },
    Literal(node) {
      if (typeof node.value === "string") add(node, node.value);
    },
    JSXText(node) {
      add(node, node.value.replaceAll(/\s+/g, " ").trim());
    },
    TemplateLiteral(node) {
      add(node, node.quasis.map(({ value }) => value.cooked ?? value.raw).join("`…`"));
    },
  }).visit(program);
  return passages.filter(({ text: value }) => !/^(?:oxlint|@ts-|c8 |v8 |#region)/.test(value));
}

/** Joins comments on consecutive rows into one passage. */
function joined(comments: readonly Comment[], text: string): Comment[] {
  const passages: Comment[] = [];
  for (const comment of comments) {
    const last = passages.at(-1);
    const between = last === undefined ? "" : text.slice(last.end, comment.start);
    if (last?.type === "Line" && comment.type === "Line" && /^\n[ \t]*$/.test(between)) {
      passages.splice(-1, 1, { ...last, end: comment.end, value: `${last.value}\n${comment.value.trim()}` });
    } else passages.push({ ...comment, value: comment.value.trim() });
  }
  return passages;
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => starts.findLastIndex((start) => start <= offset) + 1;
}

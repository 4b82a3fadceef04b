import type { Vocabulary } from "./language.ts";

/**
 * Words, and shapes of words with stars. A shape is the parts between its stars: `ge*t` is `["ge", "t"]`, and `wor*` is
 * `["wor", ""]`.
 */
export type WordSet = { readonly words: ReadonlySet<string>; readonly shapes: readonly (readonly string[])[] };

/** The tree of a pattern. */
export type PatternNode =
  | { readonly kind: "word"; readonly set: WordSet }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "any"; readonly options: readonly PatternNode[] }
  | { readonly kind: "maybe" | "not"; readonly node: PatternNode }
  | { readonly kind: "gap"; readonly least: number; readonly most: number; readonly open: boolean }
  | { readonly kind: "start" | "end" };

/** Parses a pattern in the notation of `compilePattern`. */
export function parsePattern(text: string, { words }: Pick<Vocabulary, "words">): PatternNode {
  const tokens = text.match(/!\(|[()[\]|^$]|[^\s()[\]|!^$]+/g) ?? [];
  let next = 0;

  /** Parses alternatives up to a closing token, which is undefined at the end of the pattern. */
  const alternatives = (closing: string | undefined): PatternNode => {
    const options: PatternNode[] = [];
    const plain = new Set<string>();
    let parts: PatternNode[] = [];
    for (;;) {
      const token = tokens[next];
      next += 1;
      if (token === closing || token === "|") {
        options.push(sequence(parts));
        parts = [];
        if (token === closing) return joinWords(options, plain);
      } else if (token === undefined || token === ")" || token === "]")
        throw new Error(`A group of this pattern is not closed: ${text}`);
      else if (parts.length === 0 && isOption(token, tokens[next], closing)) {
        // Most options are a single word, so that a node of its own would cost most of the time.
        for (const word of foldedForms(token)) plain.add(word);
        next += 1;
        if (tokens[next - 1] === closing) return joinWords(options, plain);
      } else parts.push(part(token));
    }
  };
  const part = (token: string): PatternNode => {
    if (token === "(") return alternatives(")");
    if (token === "[") return { kind: "maybe", node: alternatives("]") };
    if (token === "!(") return { kind: "not", node: alternatives(")") };
    if (token === "^") return { kind: "start" };
    if (token === "$") return { kind: "end" };
    if (token.startsWith("<")) return namedNode(token.slice(1, -1), words);
    const [, kind, count = ""] = /^([_~])(\d*)$/.exec(token) ?? [];
    if (kind === undefined) return { kind: "word", set: wordSet(token) };
    const most = count === "" ? 1 : Number(count);
    return { kind: "gap", least: count === "" ? 1 : 0, most, open: kind === "~" };
  };
  return alternatives(undefined);
}

/** Returns true if a token is a whole option, and a word without stars. */
function isOption(token: string, following: string | undefined, closing: string | undefined): boolean {
  return (following === "|" || following === closing) && /^[^<_~^$!()[\]*]+$/.test(token);
}

/** The trees of the named alternatives, which many patterns use. */
const named = new WeakMap<Vocabulary["words"], Map<string, PatternNode>>();

function namedNode(name: string, words: Vocabulary["words"]): PatternNode {
  const known = named.get(words) ?? new Map<string, PatternNode>();
  named.set(words, known);
  const text = words[name];
  if (text === undefined) throw new Error(`A pattern uses the unknown name ${name}.`);
  const node = known.get(name) ?? parsePattern(text, { words });
  known.set(name, node);
  return node;
}

function sequence(parts: readonly PatternNode[]): PatternNode {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind: "sequence", parts };
}

/** Joins the alternatives that are single words into the set `words`, because a set is faster than a row of comparisons. */
function joinWords(options: readonly PatternNode[], words: Set<string>): PatternNode {
  const [first] = options;
  if (first !== undefined && options.length === 1 && words.size === 0) return first;
  const shapes: (readonly string[])[] = [];
  const others: PatternNode[] = [];
  for (const option of options)
    if (option.kind === "word") {
      for (const word of option.set.words) words.add(word);
      shapes.push(...option.set.shapes);
    } else others.push(option);
  const set: WordSet = { words, shapes };
  const [only] = others;
  if (words.size + shapes.length === 0)
    return only !== undefined && others.length === 1 ? only : { kind: "any", options: others };
  // An alternative of several words is tried first, so that the longer match wins.
  return others.length === 0 ? { kind: "word", set } : { kind: "any", options: [...others, { kind: "word", set }] };
}

function wordSet(token: string): WordSet {
  const forms = foldedForms(token);
  if (token.includes("*")) return { words: new Set(), shapes: forms.map((form) => form.split("*")) };
  return { words: new Set(forms), shapes: [] };
}

/** The folded forms of the words that need folding. The lists repeat most of these words. */
const folded = new Map<string, readonly string[]>();

/** Returns a word as `words.ts` folds the words of a text, and its form with an e in place of each umlaut. */
function foldedForms(word: string): readonly string[] {
  if (/^[a-z*]+$/.test(word)) return [word];
  const known = folded.get(word);
  if (known !== undefined) return known;
  const composed = word.toLowerCase().normalize("NFC").replaceAll("ß", "ss").replaceAll("œ", "oe");
  const forms = [withoutAccents(composed)];
  if (/[äöü]/.test(composed)) forms.push(withoutAccents(composed.replaceAll(/[äöü]/g, "$&e")));
  folded.set(word, forms);
  return forms;
}

function withoutAccents(word: string): string {
  return word.normalize("NFD").replaceAll(/\p{M}/gu, "");
}

/** Returns true if a word is one of the words or has one of the shapes. */
export function hasWord({ words, shapes }: WordSet, word: string): boolean {
  return words.has(word) || shapes.some((shape) => hasShape(shape, word));
}

function hasShape(shape: readonly string[], word: string): boolean {
  const [beginning = "", ...rest] = shape;
  const ending = rest.pop() ?? "";
  if (!word.startsWith(beginning) || !word.endsWith(ending)) return false;
  let at = beginning.length;
  for (const middle of rest) {
    const found = word.indexOf(middle, at);
    if (found < 0) return false;
    at = found + middle.length;
  }
  return at + ending.length <= word.length;
}

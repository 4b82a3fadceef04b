import type { Vocabulary } from "./language.ts";
import { type PatternNode, hasWord, parsePattern } from "./parse-pattern.ts";

/**
 * Matches a pattern at the word `at` of a sentence, of which only the words before `end` count. Returns the word after the match,
 * or -1.
 */
type Matcher = (words: readonly string[], at: number, end: number) => number;

/**
 * A compiled pattern. `first` has the words with which a match can begin; it is undefined if every word can begin a match. Each match
 * contains a word of `needs`, unless `needs` is undefined.
 */
export type Pattern = {
  readonly match: Matcher;
  readonly first: ReadonlySet<string> | undefined;
  readonly needs: ReadonlySet<string> | undefined;
};

/**
 * Compiles a pattern of blame. The words of a pattern are separated by spaces:
 *
 * - `word`; `wor*`, `*ord` and `w*d` for each word of this shape
 * - `(a|b c)`: one of the alternatives; `[a|b]`: one or none of them; `!(a|b)`: none of them follows
 * - `<name>`: the alternatives of that name in the list of the language
 * - `_`: one word; `_3`: at most three words, without a barrier or a comma; `~3`: at most three words of any kind, or commas
 * - `^`: the beginning of the sentence or of the part after a comma; `$`: the end of the sentence
 *
 * An umlaut also matches its form with an e. Every gap is limited, so that the time for a text grows linearly with its length. With
 * `toEnd`, a match ends at the last word.
 *
 * @throws {Error} if a pattern uses a name that the list does not have, or does not close a group
 */
export function compilePattern(text: string, vocabulary: Vocabulary, toEnd = false): Pattern {
  const node = parsePattern(text, vocabulary);
  const finish: Matcher = toEnd ? (_, at, end) => (at === end ? at : -1) : (_, at) => at;
  // Most patterns meet no candidate in the life of a process, so that their matchers are never built.
  let built: Matcher | undefined;
  const match: Matcher = (words, at, end) => {
    built ??= build(node, finish, barrierOf(vocabulary));
    return built(words, at, end);
  };
  return { match, first: firstWords(node)?.words, needs: neededWords(node) };
}

const barriers = new WeakMap<Vocabulary, Matcher>();

function barrierOf(vocabulary: Vocabulary): Matcher {
  const barrier =
    barriers.get(vocabulary) ??
    build(
      parsePattern(vocabulary.barriers, vocabulary),
      (_, at) => at,
      () => -1,
    );
  barriers.set(vocabulary, barrier);
  return barrier;
}

/** Builds the matcher of a node, which continues with `next`. `barrier` matches the words that a gap does not skip. */
function build(node: PatternNode, next: Matcher, barrier: Matcher): Matcher {
  switch (node.kind) {
    case "word":
      return (words, at, end) => (at < end && hasWord(node.set, words[at] ?? "") ? next(words, at + 1, end) : -1);
    case "sequence":
      return node.parts.reduceRight<Matcher>((then, part) => build(part, then, barrier), next);
    case "any":
      return firstOf(node.options.map((option) => build(option, next, barrier)));
    case "maybe":
      return firstOf([build(node.node, next, barrier), next]);
    case "not": {
      const refused = build(node.node, (_, at) => at, barrier);
      return (words, at, end) => (refused(words, at, end) < 0 ? next(words, at, end) : -1);
    }
    case "start":
      return (words, at, end) => (at === 0 || words[at - 1] === "," ? next(words, at, end) : -1);
    case "end":
      return (words, at, end) => (at === end ? next(words, at, end) : -1);
    case "gap":
      return buildGap(node, next, barrier);
  }
}

function firstOf(matchers: readonly Matcher[]): Matcher {
  return (words, at, end) => {
    for (const match of matchers) {
      const found = match(words, at, end);
      if (found >= 0) return found;
    }
    return -1;
  };
}

function buildGap(
  { least, most, open }: Extract<PatternNode, { kind: "gap" }>,
  next: Matcher,
  barrier: Matcher,
): Matcher {
  return (words, at, end) => {
    for (let skipped = 0; skipped <= most; skipped += 1) {
      const found = skipped < least ? -1 : next(words, at + skipped, end);
      if (found >= 0) return found;
      const word = words[at + skipped];
      if (word === undefined || at + skipped >= end) return -1;
      if (!open && (word === "," || word === "?" || barrier(words, at + skipped, end) >= 0)) return -1;
    }
    return -1;
  };
}

type First = { readonly words: Set<string>; readonly canBeEmpty: boolean };

/** Returns the words with which a node can begin, or undefined if they are not a closed list. */
function firstWords(node: PatternNode): First | undefined {
  switch (node.kind) {
    case "word":
      return node.set.shapes.length > 0 ? undefined : { words: new Set(node.set.words), canBeEmpty: false };
    case "any":
      return joined(node.options.map(firstWords));
    case "maybe":
      return joined([firstWords(node.node), { words: new Set(), canBeEmpty: true }]);
    case "sequence": {
      const words = new Set<string>();
      for (const part of node.parts) {
        const first = firstWords(part);
        if (first === undefined) return undefined;
        for (const word of first.words) words.add(word);
        if (!first.canBeEmpty) return { words, canBeEmpty: false };
      }
      return { words, canBeEmpty: true };
    }
    case "not":
    case "start":
      return { words: new Set(), canBeEmpty: true };
    case "gap":
    case "end":
      return undefined;
  }
}

function joined(firsts: readonly (First | undefined)[]): First | undefined {
  const words = new Set<string>();
  for (const first of firsts) {
    if (first === undefined) return undefined;
    for (const word of first.words) words.add(word);
  }
  return { words, canBeEmpty: firsts.some((first) => first?.canBeEmpty === true) };
}

/** Returns words of which each match contains one, or undefined if no closed list has this property. */
function neededWords(node: PatternNode): ReadonlySet<string> | undefined {
  if (node.kind === "word") return node.set.shapes.length > 0 ? undefined : node.set.words;
  if (node.kind === "sequence") {
    let best: { readonly words: ReadonlySet<string>; readonly length: number } | undefined;
    for (const part of node.parts) {
      const words = neededWords(part);
      // Long words are rare, so that few texts have one of them.
      const length = words === undefined ? 0 : meanLength(words);
      if (words !== undefined && (best === undefined || length > best.length)) best = { words, length };
    }
    return best?.words;
  }
  if (node.kind !== "any") return undefined;
  const words = new Set<string>();
  for (const option of node.options) {
    const needed = neededWords(option);
    if (needed === undefined) return undefined;
    for (const word of needed) words.add(word);
  }
  return words;
}

function meanLength(words: ReadonlySet<string>): number {
  let length = 0;
  for (const word of words) length += word.length;
  return length / Math.max(words.size, 1);
}

import type { MessageMark } from "@crossline/contracts";
import type { BlameLanguage } from "./language.ts";
import { type Pattern, compilePattern } from "./pattern.ts";
import { sentencesOf } from "./words.ts";

type CompiledRule = {
  readonly language: BlameLanguage["language"];
  readonly except: Lazy<PatternIndex>;
  readonly always: boolean;
  readonly excuses: Excuses;
};
type Excuses = {
  readonly before: Lazy<PatternIndex>;
  readonly after: Lazy<PatternIndex>;
  readonly reported: Lazy<PatternIndex>;
};
/** A value that the first call makes. Only a text with a match needs the exceptions and excuses. */
type Lazy<Value> = () => Value;

/** The patterns of all languages, so that a sentence tries only the patterns of which it has a needed word and a first word. */
export type CompiledBlame = PatternIndex<CompiledRule> & {
  readonly byNeed: ReadonlyMap<string, readonly OwnedPattern<CompiledRule>[]>;
  readonly withoutNeed: readonly OwnedPattern<CompiledRule>[];
};

/** Patterns by the words with which a match can begin. `others` are the patterns that every word can begin. */
type PatternIndex<Owner = undefined> = {
  readonly byWord: ReadonlyMap<string, readonly OwnedPattern<Owner>[]>;
  readonly others: readonly OwnedPattern<Owner>[];
};
type OwnedPattern<Owner> = { readonly pattern: Pattern; readonly owner: Owner };

/** A part of a sentence, as numbers of words. `end` is exclusive. */
type Place = { readonly start: number; readonly end: number };

/** How many words before and after a match the search for exceptions and excuses reads. The limit keeps the time linear. */
const reach = 40;

/** Compiles the lists of the languages. */
export function compileBlame(lists: readonly BlameLanguage[]): CompiledBlame {
  const patterns = lists.flatMap((list) => {
    const { before, after, reported } = list.excuses;
    const excuses = {
      before: indexLater(before, list, true),
      after: indexLater(after, list),
      reported: indexLater(reported, list, true),
    };
    return list.rules.flatMap(({ marks, except = [], always = false }) => {
      const owner = { language: list.language, except: indexLater(except, list), always, excuses };
      return marks.map((mark) => ({ pattern: compilePattern(mark, list), owner }));
    });
  });
  const byNeed = new Map<string, OwnedPattern<CompiledRule>[]>();
  for (const owned of patterns) for (const word of owned.pattern.needs ?? []) append(byNeed, word, owned);
  return {
    ...indexPatterns(patterns),
    byNeed,
    withoutNeed: patterns.filter(({ pattern }) => pattern.needs === undefined),
  };
}

function indexLater(patterns: readonly string[], list: BlameLanguage, toEnd = false): Lazy<PatternIndex> {
  let index: PatternIndex | undefined;
  return () => {
    index ??= indexPatterns(
      patterns.map((pattern) => ({ pattern: compilePattern(pattern, list, toEnd), owner: undefined })),
    );
    return index;
  };
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

function indexPatterns<Owner>(patterns: readonly OwnedPattern<Owner>[]): PatternIndex<Owner> {
  const byWord = new Map<string, OwnedPattern<Owner>[]>();
  for (const owned of patterns) for (const word of owned.pattern.first ?? []) append(byWord, word, owned);
  return { byWord, others: patterns.filter(({ pattern }) => pattern.first === undefined) };
}

/** Returns the places of a text that blame the customer, in the order of their beginnings and without overlap. */
export function findBlame(text: string, blame: CompiledBlame): readonly MessageMark[] {
  const marks: MessageMark[] = [];
  for (const { words, from, to } of sentencesOf(text)) {
    const possible = possiblePatterns(words, blame);
    const others = blame.others.filter((owned) => possible.has(owned));
    const tryAt = (at: number, { pattern, owner }: OwnedPattern<CompiledRule>): void => {
      const end = pattern.match(words, at, words.length);
      if (end > at && !isExcused(words, { start: at, end }, owner))
        marks.push({ from: from[at] ?? 0, to: to[end - 1] ?? 1, rule: "blame", language: owner.language });
    };
    for (const [at, word] of words.entries()) {
      for (const owned of blame.byWord.get(word) ?? []) if (possible.has(owned)) tryAt(at, owned);
      for (const owned of others) tryAt(at, owned);
    }
  }
  return joinOverlapping(marks);
}

/** Returns the patterns of which a sentence has a needed word. */
function possiblePatterns(
  words: readonly string[],
  { byNeed, withoutNeed }: CompiledBlame,
): ReadonlySet<OwnedPattern<CompiledRule>> {
  const possible = new Set(withoutNeed);
  for (const word of new Set(words)) for (const owned of byNeed.get(word) ?? []) possible.add(owned);
  return possible;
}

function candidates<Owner>({ byWord, others }: PatternIndex<Owner>, word: string): readonly OwnedPattern<Owner>[] {
  const known = byWord.get(word);
  return known === undefined ? others : [...known, ...others];
}

function isExcused(
  words: readonly string[],
  { start, end }: Place,
  { except, always, excuses }: CompiledRule,
): boolean {
  const before = { start: Math.max(0, start - reach), end: start };
  const after = { start: end, end: Math.min(words.length, end + reach) };
  for (let at = before.start; at < end; at += 1)
    if (matchAt(words, except(), { start: at, end: after.end }) > start) return true;
  if (isAnywhere(words, excuses.reported(), before)) return true;
  return !always && (isAnywhere(words, excuses.before(), before) || matchAt(words, excuses.after(), after) >= 0);
}

function isAnywhere(words: readonly string[], patterns: PatternIndex, { start, end }: Place): boolean {
  for (let at = start; at < end; at += 1) if (matchAt(words, patterns, { start: at, end }) >= 0) return true;
  return false;
}

/** Returns the end of the longest match of the patterns that begins at a word, or -1. */
function matchAt(words: readonly string[], patterns: PatternIndex, { start, end }: Place): number {
  let longest = -1;
  for (const { pattern } of candidates(patterns, words[start] ?? ""))
    longest = Math.max(longest, pattern.match(words, start, end));
  return longest;
}

function joinOverlapping(marks: readonly MessageMark[]): readonly MessageMark[] {
  const joined: MessageMark[] = [];
  for (const mark of marks.toSorted((one, other) => one.from - other.from || other.to - one.to)) {
    const last = joined.at(-1);
    if (last === undefined || mark.from >= last.to) joined.push(mark);
    else if (mark.to > last.to) joined[joined.length - 1] = { ...last, to: mark.to };
  }
  return joined;
}

import { type Span, quotedSpans } from "./quotations.ts";

/**
 * A sentence of a text as folded words, without accents and capital letters. Punctuation marks are words. `from` and `to` are the
 * place of the sentence in the original text, in UTF-16 code units; `to` is exclusive.
 */
export type Sentence = Span & { readonly words: readonly string[] };

type Word = Span & { readonly folded: string; readonly apostrophe: boolean };

/** The maximum length of a word in a sentence. Longer words are cut, so that a word has a limited number of characters. */
const wordMax = 40;

const invisible = /[\u{AD}\u{200B}-\u{200D}\u{2060}\u{FEFF}]/gu;
const tokens =
  /(?<link>(?:https?:\/\/|www\.)\S+)|(?<word>[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}\u{AD}\u{200B}-\u{200D}\u{2060}\u{FEFF}]|[-‐‑]\r?\n(?!(?:vous|tu|nous|il|elle|on|moi|le|la|les|je)(?!\p{L}))(?=\p{Ll}))*)|(?<apostrophe>['’‘ʼ´`′＇](?=\p{L}))|(?<end>(?<!\d)\.(?=[\s"”’»)]|$)\p{M}*|[!?…]\p{M}*|\n\s*\n)|(?<mark>[,:;¡¿\u{2013}\u{2014}(){}[\]|•*]\p{M}*|\s-\s)/giu;

/** The maximum number of words of a sentence. A longer one is cut, so that the time for a text grows linearly with its length. */
const sentenceMax = 200;

/** The contracted forms of English, with the words for which they stand. */
const contracted = new Map([
  ["re", "are"],
  ["ve", "have"],
  ["ll", "will"],
  ["d", "would"],
]);
const withoutApostrophe =
  /^(?<verb>do|does|did|is|was|are|were|have|has|had|would|should|could|ca|wo)nt$|^(?<person>you|they)(?<rest>re|ve|ll|d)$/;
/** The verbs whose form before “n't” is not their own. */
const negated = new Map([
  ["ca", "can"],
  ["wo", "will"],
  ["sha", "shall"],
  ["ai", "is"],
]);
const joined = new Map([
  ["cannot", "can not"],
  ["cest", "c est"],
  ["netes", "n etes"],
  ["navez", "n avez"],
]);
const withIs = /^(?:it|that|this|what|there|here|who|how|he|she|everything)$/;

/** German words that mean the customer with a capital letter, and other people without it. */
const politeForm = /^(?:sie|ihnen|ihre[mnrs]?)$/;
const capitalInSentence = /[\p{Ll},] \p{Lu}\p{Ll}/u;

/**
 * Splits a text into sentences of folded words. Text that quotes another person is left out. A German “sie” that means other people
 * gets an apostrophe as its first letter.
 */
export function sentencesOf(text: string): readonly Sentence[] {
  const quoted = quotedSpans(text);
  const sentences: Sentence[] = [];
  let words: Word[] = [];
  let next = 0;
  let apostrophe = false;
  // An author who writes no capital letters does not distinguish the two meanings.
  const hasCapitals = capitalInSentence.test(text);
  const finish = (): void => {
    if (words.length > 0) sentences.push(joinWords(words));
    words = [];
  };
  for (const match of text.matchAll(tokens)) {
    const span = { from: match.index, to: match.index + match[0].length };
    while ((quoted[next]?.to ?? Infinity) <= span.from) next += 1;
    if ((quoted[next]?.from ?? Infinity) <= span.from) continue;
    const { word, link, end, mark } = match.groups ?? {};
    const punctuation = mark ?? (end?.trim() === "." ? undefined : end?.trim());
    if (word !== undefined) {
      const others = hasCapitals && words.length > 0 && politeForm.test(word);
      words.push({ ...span, folded: others ? `'${word}` : fold(word), apostrophe });
    }
    if (link !== undefined) words.push({ ...span, folded: "http", apostrophe: false });
    else if (words.length > 0 && punctuation !== undefined && punctuation !== "")
      words.push({ ...span, folded: /^[,:;!?…]/.exec(punctuation)?.[0] ?? "-", apostrophe: false });
    apostrophe = match.groups?.["apostrophe"] !== undefined && words.at(-1)?.to === span.from;
    if (end !== undefined || words.length >= sentenceMax) finish();
  }
  finish();
  return sentences;
}

/** Returns a word without capital letters, accents, ligatures, invisible characters and hyphens at the end of a row. */
function fold(word: string): string {
  if (/^[a-z]+$/.test(word)) return word.slice(0, wordMax);
  return word
    .slice(0, wordMax * 4)
    .replaceAll(invisible, "")
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae")
    .slice(0, wordMax);
}

function joinWords(words: readonly Word[]): Sentence {
  const parts: string[] = [];
  for (const word of words) {
    const before = parts.at(-1);
    if (word.apostrophe && word.folded === "t" && before?.endsWith("n") === true) {
      const stem = before === "can" ? before : before.slice(0, -1);
      parts[parts.length - 1] = negated.get(stem) ?? stem;
    }
    parts.push(...expanded(word, before));
  }
  return { words: parts, from: words[0]?.from ?? 0, to: words.at(-1)?.to ?? 0 };
}

/** Returns the words for which a contracted word stands, or the word. */
function expanded({ folded, apostrophe }: Word, before: string | undefined): readonly string[] {
  if (apostrophe) {
    if (folded === "t" && before?.endsWith("n") === true) return ["not"];
    if (folded === "s" && withIs.test(before ?? "")) return ["is"];
    return [contracted.get(folded) ?? folded];
  }
  const { verb, person, rest } = withoutApostrophe.exec(folded)?.groups ?? {};
  if (verb !== undefined) return [negated.get(verb) ?? verb, "not"];
  if (person !== undefined && rest !== undefined) return [person, contracted.get(rest) ?? rest];
  return joined.get(folded)?.split(" ") ?? [folded === "" ? "…" : folded];
}

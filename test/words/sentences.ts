/** Matches abbreviations whose full stop does not end a sentence. */
const abbreviation = /\b(?:e\.g|i\.e|etc|vs|cf|approx|no)\.$/i;

/**
 * Splits a passage into its sentences. A sentence ends at a `.`, `?` or `!` before a space and a capital letter, a
 * backtick or a digit. A sentence also ends at an empty row, and before a row that begins a list item.
 */
export function sentencesOf(text: string): string[] {
  const blocks = text.split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/);
  return blocks.flatMap((block) => {
    const sentences: string[] = [];
    for (const part of block
      .replaceAll(/\s+/g, " ")
      .trim()
      .split(/(?<=[.!?][)"'”`]?) (?=[A-Z"“'`(\d])/)) {
      const last = sentences.at(-1);
      if (last !== undefined && abbreviation.test(last)) sentences.splice(-1, 1, `${last} ${part}`);
      else if (part !== "") sentences.push(part);
    }
    return sentences;
  });
}

/** Counts the words of a sentence. Code between backticks is one word. Punctuation marks between spaces do not count. */
export function wordCount(sentence: string): number {
  return withoutCode(sentence, "code")
    .split(/\s+/)
    .filter((word) => /\w/.test(word)).length;
}

/** Replaces each piece of code between backticks by a word. */
export function withoutCode(text: string, word = ""): string {
  return text.replaceAll(/`[^`]*`/g, word);
}

/** Abbreviations whose point ends no sentence. */
const abbreviation = /\b(?:e\.g|i\.e|etc|vs|cf|approx|no)\.$/i;

/**
 * Splits a passage into its sentences. A point, question mark or exclamation mark before a space and a capital letter, backtick or
 * digit ends one; so do an empty row, and a row that begins a list.
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

/** Counts the words of a sentence. Code between backticks is one word; a sign alone is none. */
export function wordCount(sentence: string): number {
  return withoutCode(sentence, "code")
    .split(/\s+/)
    .filter((word) => /\w/.test(word)).length;
}

/** Replaces the code of a text, between backticks, by a word. */
export function withoutCode(text: string, word = ""): string {
  return text.replaceAll(/`[^`]*`/g, word);
}

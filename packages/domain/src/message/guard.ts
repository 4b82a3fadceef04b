import type { MessageMark } from "@crossline/contracts";
import { sentencesOf } from "./blame/sentences.ts";
import { languageOf, scoreBlame } from "./blame/weights.ts";
import { isOnlyLink } from "./only-link.ts";

/** The maximum number of marks of a text, as the events of a message allow. */
const marksMax = 100;

/**
 * Returns the places of a text that a second person must read before Crossline sends it. A place is a sentence that blames the
 * customer in English, French, German or Spanish. If the text is only a link, the place is the whole text. The places are in order
 * and do not overlap. The result is empty if the text is acceptable.
 */
export function guardText(text: string): readonly MessageMark[] {
  if (isOnlyLink(text)) return [{ from: 0, to: text.length, rule: "link-only" }];
  return sentencesOf(text)
    .filter(({ words }) => scoreBlame(words) > 0)
    .slice(0, marksMax)
    .map(({ words, from, to }) => {
      const language = languageOf(words);
      return { from, to, rule: "blame", ...(language !== undefined && { language }) };
    });
}

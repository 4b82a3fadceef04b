import type { MessageMark } from "@crossline/contracts";
import { de } from "./blame/de.ts";
import { en } from "./blame/en.ts";
import { es } from "./blame/es.ts";
import { type CompiledBlame, compileBlame, findBlame } from "./blame/find-blame.ts";
import { fr } from "./blame/fr.ts";
import { isOnlyLink } from "./only-link.ts";

/** The reviewed lists of blame. The tests check each rule of each list. */
export const blameLanguages = [en, fr, de, es] as const;

/** The maximum number of marks of a text, as the events of a message allow. */
const marksMax = 100;

// Only intake guards texts, so that the other services do not spend the time for the compilation.
let compiled: CompiledBlame | undefined;

/**
 * Returns the places of a text that a second person must read before Crossline sends it. A place blames the customer in English,
 * French, German or Spanish. If the text is only a link, the place is the whole text. Each place begins and ends at the edge of a word. The places
 * are in order and do not overlap. The result is empty if the text is acceptable.
 */
export function guardText(text: string): readonly MessageMark[] {
  if (isOnlyLink(text)) return [{ from: 0, to: text.length, rule: "link-only" }];
  compiled ??= compileBlame(blameLanguages);
  return findBlame(text, compiled).slice(0, marksMax);
}

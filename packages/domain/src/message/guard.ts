import type { MessageMark } from "@crossline/contracts";

/**
 * Returns the places of a text that a second person must read before Crossline sends it. The result is empty if the text is
 * acceptable.
 */
export function guardText(text: string): readonly MessageMark[] {
  return isOnlyLink(text) ? [{ from: 0, to: text.length, rule: "link-only" }] : [];
}

/** Returns true if a text is only a link, without a sentence that answers the customer. */
export function isOnlyLink(text: string): boolean {
  return /^\s*https?:\/\/\S+\s*$/i.test(text);
}

import { htmlToText } from "./html.ts";
import type { ParsedMail } from "./parsed-mail.ts";

/** The maximum lengths of texts that come from a mail, in UTF-16 code units. */
export const mailTextLimits = { text: 5_000, title: 200, name: 200 } as const;

/** Characters that Crossline accepts in no text: controls except tabs and line feeds, and characters that disguise a text. */
const disguising = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
const visible = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Returns a text of several rows that Crossline accepts, with line feeds, at most `max` code units. */
export function cleanText(text: string, max: number = mailTextLimits.text): string {
  const rows = text.toWellFormed().replaceAll(/\r\n?/g, "\n");
  const clean = rows.replaceAll(disguising, (character) => (character === "\n" || character === "\t" ? character : ""));
  const trimmed = clean.split("\n").map((row) => row.trimEnd());
  return cut(
    trimmed
      .join("\n")
      .replaceAll(/\n{3,}/g, "\n\n")
      .trim(),
    max,
  );
}

/** Returns a text of one row that Crossline accepts; undefined if nothing visible is left. */
export function cleanRow(text: string | undefined, max: number): string | undefined {
  const row = (text ?? "")
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .replaceAll(disguising, "")
    .trim();
  return visible.test(row) ? cut(row, max) : undefined;
}

/** Cuts a text so that no surrogate pair is divided. */
function cut(text: string, max: number): string {
  return text.length <= max
    ? text
    : text
        .slice(0, max - 1)
        .replace(/[\uD800-\uDBFF]$/, "")
        .trimEnd() + "…";
}

/** The text that the customer wrote. `isCut` is true if the text was longer than the limit. */
type WrittenText = { readonly text: string | undefined; readonly isCut: boolean };

/**
 * Returns the text that the customer wrote, without the quoted earlier text. If the mail has only HTML, the HTML is converted. If
 * nothing is left without the quotes, the result is the whole text.
 */
export function writtenText({ text, html }: Pick<ParsedMail, "text" | "html">): WrittenText {
  const plain = text !== undefined && visible.test(text) ? text : html === undefined ? "" : htmlToText(html);
  const rows = plain.slice(0, readMax).replaceAll(/\r\n?/g, "\n");
  const own = cleanText(withoutQuotes(rows), readMax);
  const written = visible.test(own) ? own : cleanText(rows, readMax);
  if (!visible.test(written)) return { text: undefined, isCut: false };
  return { text: cut(written, mailTextLimits.text), isCut: written.length > mailTextLimits.text };
}

/** The number of code units that the functions read from a mail. Quoted text can precede the text that the customer wrote. */
const readMax = 200_000;

/** The rows with which mail programs introduce the earlier mail. Everything after such a row is earlier text. */
const introductions: readonly RegExp[] = [
  /^-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|forwarded message)\s*-{2,}$/iu,
  /^_{20,}$/,
  /^(?:on|am|le|el)\b.{5,200}\b(?:wrote|schrieb|a écrit|escribió)\b.{0,100}:$/iu,
  /^.{3,200}\b(?:wrote|schrieb|a écrit|escribió)\s*:$/iu,
];
/** The header rows of an earlier mail, as Outlook writes them. Two of them in a row begin the earlier text. */
const quotedHeader =
  /^\*?(?:from|von|de|sent|gesendet|envoyé|enviado|to|an|à|para|subject|betreff|objet|asunto|date|datum)\s?:\*?\s/iu;

/** The beginning of an introduction that mail programs fold after about 76 characters. */
const opener = /^(?:on|am|le|el)\b/iu;

/**
 * Removes the quoted rows and their introductions. Text below a quote with `>` stays, because many customers answer below the quote.
 * After an introduction without such a quote, the rest of the mail is earlier text.
 */
function withoutQuotes(text: string): string {
  const rows = text.split("\n").map((row) => row.trimEnd());
  const kept: string[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]?.trim() ?? "";
    const next = rows[index + 1]?.trim() ?? "";
    if (quotedHeader.test(row) && quotedHeader.test(next)) break;
    const length = introductionLength(row, next);
    if (length > 0) {
      if (isQuoteAt(rows, index + length)) {
        index += length - 1;
        continue;
      }
      // A customer can write `the shop wrote:` too. A program also writes the date, or a row of dashes.
      if (/\d/.test(row) || !row.endsWith(":")) break;
    }
    if (!row.startsWith(">")) kept.push(rows[index] ?? "");
  }
  return kept.join("\n");
}

/** Returns the number of rows of an introduction that begins at this row: 0, 1 or 2. */
function introductionLength(row: string, next: string): 0 | 1 | 2 {
  if (introductions.some((form) => form.test(row))) return 1;
  return opener.test(row) && introductions.some((form) => form.test(`${row} ${next}`)) ? 2 : 0;
}

/** Returns true if the next row with text is quoted. */
function isQuoteAt(rows: readonly string[], from: number): boolean {
  let place = from;
  while (rows[place]?.trim() === "") place++;
  return rows[place]?.trim().startsWith(">") === true;
}

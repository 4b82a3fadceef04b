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

function withoutQuotes(text: string): string {
  const rows = text.split("\n");
  const kept: string[] = [];
  for (const [index, row] of rows.entries()) {
    const trimmed = row.trim();
    const next = rows[index + 1]?.trim() ?? "";
    // Mail programs fold a long introduction after about 76 characters.
    const folded = `${trimmed} ${next}`;
    const isIntroduction =
      introductions.some((form) => form.test(trimmed)) ||
      (/^(?:on|am|le|el)\b/iu.test(trimmed) && introductions.some((form) => form.test(folded)));
    const isHeader = quotedHeader.test(trimmed) && quotedHeader.test(next);
    if ((isIntroduction && quotesFollow(rows, index + 1, trimmed)) || isHeader) break;
    if (!trimmed.startsWith(">")) kept.push(row);
  }
  return kept.join("\n");
}

/**
 * Returns true if quoted text follows an introduction. A customer can write `he wrote:` in the middle of a text, and that text must
 * stay. Rows of the forms that only a program writes need no quotes after them.
 */
function quotesFollow(rows: readonly string[], from: number, row: string): boolean {
  if (!row.endsWith(":") && !/^(?:on|am|le|el)\b/iu.test(row)) return true;
  if (/\d/.test(row) && /^(?:on|am|le|el)\b/iu.test(row)) return true;
  let next = from;
  while (rows[next]?.trim() === "") next++;
  return rows[next]?.trim().startsWith(">") === true;
}

import { expect, test } from "vitest";
import { cleanRow, cleanText, writtenText } from "../../src/mail/text.ts";

test.each([
  [
    "Gmail",
    "It works now.\n\nOn Mon, Mar 2, 2026 at 9:00 AM Northtel <support@northtel.example> wrote:\n> Please try it.",
  ],
  [
    "a folded introduction",
    "It works now.\n\nOn Mon, Mar 2, 2026 at 9:00 AM Northtel Support\n<support@northtel.example> wrote:\n\n> Please try it.",
  ],
  ["Outlook", "It works now.\n\n________________________________\nFrom: Northtel\nSent: Monday\n\nPlease try it."],
  [
    "Outlook headers",
    "It works now.\n\nFrom: Northtel\nSent: Monday, March 2, 2026\nTo: Sam\nSubject: RE: Radio\n\nPlease try it.",
  ],
  ["an original message", "It works now.\n\n-----Original Message-----\nFrom: Northtel\n\nPlease try it."],
  ["German", "It works now.\n\nAm 02.03.26 um 09:00 schrieb Northtel:\n> Please try it."],
  ["French", "It works now.\n\nLe lun. 2 mars 2026 à 09:00, Northtel a écrit :\n> Please try it."],
])("%s: the earlier text is removed", (_, text) => {
  expect(writtenText({ text }).text).toBe("It works now.");
});

test.each([
  ["quotes above the answer", "> Does it work?\nYes, it does.", "Yes, it does."],
  [
    "a sentence that only looks like an introduction",
    "The shop wrote:\nbring it back.",
    "The shop wrote:\nbring it back.",
  ],
  ["a single header word", "To: whom it may concern\nMy radio is dead.", "To: whom it may concern\nMy radio is dead."],
  ["a mail of quotes only", "> all quoted", "> all quoted"],
])("%s: the text of the customer stays", (_, text, written) => {
  expect(writtenText({ text }).text).toBe(written);
});

test("a mail of HTML only becomes text: blocks are rows, scripts and styles vanish, earlier text is removed", () => {
  const html =
    '<html><head><title>t</title><style>p{}</style></head><body><p>Caf&eacute; &amp; Co&#46;</p><script>x</script><ul><li>one<li>two</ul><div class="gmail_quote">old</div></body>';
  expect(writtenText({ html }).text).toBe("Café & Co.\n\n- one\n- two");
  expect(writtenText({ html: "<blockquote>only a quote</blockquote>" }).text).toBe("only a quote");
  expect(writtenText({ text: " \n", html: "<b>bold</b>" }).text).toBe("bold");
});

test("controls and disguising characters are removed, and a long text is cut between characters", () => {
  expect(cleanText("a\u0000b\u202Ec\r\nd\re\tf \n\n\n\ng")).toBe("abc\nd\ne\tf\n\ng");
  expect(cleanRow("a\r\nBcc: b\u0000\u2066", 100)).toBe("a Bcc: b");
  expect(cleanRow("\u200B \u2800", 100)).toBeUndefined();
  const { text = "", isCut } = writtenText({ text: "😀".repeat(4000) });
  expect([text.length <= 5000, text.isWellFormed(), isCut]).toEqual([true, true, true]);
  expect(cleanText("\uD800x")).toBe("\uFFFDx");
});

test.each([
  ["rows that introduce nothing", "a wrote:\n".repeat(20_000)],
  ["spaces", `a${" ".repeat(200_000)}b`],
  ["open tags", "<div ".repeat(40_000)],
  ["open comments", "<!--".repeat(50_000)],
  ["scripts without an end", "<script>".repeat(25_000)],
  ["hard spaces", "&nbsp;".repeat(33_000)],
])("a hostile mail of %s is read in linear time", (_, text) => {
  const started = performance.now();
  writtenText({ text });
  writtenText({ html: text });
  expect(performance.now() - started).toBeLessThan(2_000);
});

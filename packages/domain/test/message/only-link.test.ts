import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { guardText } from "../../src/message/guard.ts";
import { isOnlyLink } from "../../src/message/only-link.ts";

const link = "https://help.northtel.example/articles/12";

describe("a text is only a link", () => {
  test.each([
    link,
    `  ${link}\n`,
    `<${link}>`,
    `Hi, see ${link} Regards`,
    `Hello Ms Weber,\n\nplease read ${link}\n\nKind regards\nAnna Schmidt\nNorthtel support`,
    `Please have a look at our knowledge base: ${link}`,
    `See ${link} and www.northtel.example/faq.`,
    `Guten Tag Frau Weber,\nbitte lesen Sie ${link}\nMit freundlichen Grüßen\nIhr Team`,
    `Bonjour, veuillez consulter ${link}. Cordialement, Paul`,
    `Hola, por favor lea ${link}\nSaludos`,
    "help.northtel.example/articles/12",
  ])("%j", (text) => {
    expect(isOnlyLink(text)).toBe(true);
    expect(guardText(text)).toEqual([{ from: 0, to: text.length, rule: "link-only" }]);
  });
});

describe("a text is more than a link", () => {
  test.each([
    "",
    "Hello, see you on Monday. Regards",
    `We repaired the line at noon. The report is at ${link}`,
    `Yes, the port is open again: ${link}`,
    `Restart the modem; the pictures are here: ${link}`,
    `Thank you. We will call you at ten and explain ${link} to you.`,
    `Regards from Anna. We found the fault in your line and repaired it. See ${link}`,
    `Wir rufen Sie um zehn Uhr an, siehe ${link}`,
    `Nous avons réparé la ligne, voir ${link}`,
    `Hemos reparado la línea, vea ${link}`,
    "Write to anna@northtel.example or call 555 0100.",
  ])("%j", (text) => expect(isOnlyLink(text)).toBe(false));

  test("if it has no link, for any text", () => {
    const texts = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[./]/g, " "));
    fc.assert(
      fc.property(texts, (text) => {
        expect(isOnlyLink(text)).toBe(false);
      }),
    );
  });
});

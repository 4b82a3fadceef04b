import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { guardText } from "../../src/message/guard.ts";

const marked = (text: string): string[] => guardText(text).map(({ from, to }) => text.slice(from, to));

describe("a sentence with its near miss:", () => {
  test.each([
    ["You should have read the manual.", "We should have read the manual."],
    ["This is your own fault.", "This is not your fault."],
    ["How many times do we have to tell you?", "Please tell us how many times it happened."],
    ["Das haben Sie sich selbst zuzuschreiben.", "Das haben wir uns selbst zuzuschreiben."],
    ["Sie haben die Anleitung nicht gelesen.", "Wir haben die Anleitung nicht gelesen."],
    ["Vous auriez dû lire la notice.", "Nous aurions dû vous envoyer la notice."],
    ["C'est entièrement de votre faute.", "C'est entièrement de notre faute."],
    ["Usted tiene la culpa de la avería.", "Usted no tiene la culpa de la avería."],
    ["Debería haber leído el manual.", "Deberíamos haber leído su mensaje."],
  ])("%s", (blaming, polite) => {
    expect(marked(blaming)).toHaveLength(1);
    expect(marked(polite)).toEqual([]);
  });
});

describe("the form of a text changes nothing:", () => {
  test.each([
    ["capital letters", "YOU SHOULD READ THE KNOWLEDGE BASE MORE OFTEN."],
    ["typographic apostrophes", "You didn’t read the manual, it’s your own fault."],
    ["no apostrophes", "You didnt read the manual."],
    ["a row break in the sentence", "You should have\r\nread the manual."],
    ["a word divided at the end of a row", "You should have read the man-\nual, it is your own negli-\ngence."],
    ["a no-break space", "This is your\u{A0}own\u{202F}fault."],
    ["a soft hyphen", "This is your own ne\u{AD}gli\u{AD}gence."],
    ["a zero-width space", "This is your own fa\u{200B}ult."],
    ["decomposed accents", "C'est votre ne\u{301}gligence.".normalize("NFD")],
    ["accents missing", "Vous n'avez pas ete attentif, vous auriez du verifier la facture."],
    ["umlauts as two letters", "Sie haetten die Rechnung pruefen muessen."],
  ])("%s", (_, text) => expect(guardText(text)).not.toEqual([]));
});

describe("the German “Sie”", () => {
  test("means other people without a capital letter", () => {
    expect(marked("Die Kollegen haben gemerkt, dass sie die Anleitung nicht gelesen hatten.")).toEqual([]);
    expect(marked("Die Kollegen haben gemerkt, dass Sie die Anleitung nicht gelesen hatten.")).not.toEqual([]);
  });
  test("means the customer in a text without capital letters", () => {
    expect(marked("leider haben sie die anleitung nicht gelesen.")).not.toEqual([]);
  });
});

describe("a quotation", () => {
  test("of another person is not marked", () => {
    expect(marked("I am sorry that my colleague wrote “you should have read the manual” to you.")).toEqual([]);
    expect(marked("> You should have read the manual.\n\nWe are sorry for this sentence.")).toEqual([]);
  });
  test("is marked if the text has nothing else", () => {
    expect(marked("“You should have read the manual.”")).not.toEqual([]);
  });
});

describe("the time for a text grows linearly with its length,", () => {
  // The time of the processor, because other processes also need the machine.
  const timeOf = (text: string): number => {
    const times = Array.from({ length: 5 }, () => {
      const start = process.cpuUsage();
      guardText(text);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    });
    return Math.min(...times);
  };

  test.each([
    ["of one word", "a"],
    ["of the same adverb", "you really "],
    ["of a beginning that never ends", "you should have really not "],
    ["of blame", "your own fault "],
    ["of the same German words", "sie haben nicht wohl "],
    ["of quotation marks", "“you \" ' "],
    ["of apostrophes", "n'"],
    ["of accents", "a\u{301}\u{301}"],
    ["of divided words", "man-\n"],
    ["of links", "www.a "],
    ["of dots", "a."],
  ])("for a text %s", { timeout: 60_000 }, (_, piece) => {
    const whole = piece.repeat(Math.ceil(40_000 / piece.length));
    timeOf(whole.slice(0, 5000));
    // The text is eight times as long. A quadratic time would grow by 64, and an exponential one would never end.
    const growth = timeOf(whole.slice(0, 40_000)) / Math.max(timeOf(whole.slice(0, 5000)), 50);
    expect(growth).toBeLessThan(30);
  });
});

describe("a mark", () => {
  test("has the offsets of the sentence in the original text", () => {
    const text = "🙂 Cafe\u{301}! Honestly, this is your own fault, madam.";
    expect(marked(text)).toEqual(["Honestly, this is your own fault, madam"]);
  });

  test("names the rule and the language", () => {
    expect(guardText("Das ist Ihre eigene Schuld.")).toMatchObject([{ rule: "blame", language: "de" }]);
  });

  const pieces = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom(
      "your own fault",
      " you ",
      "’",
      "\u{301}",
      "👩‍🔧",
      "\u{D83D}",
      "\n",
      "“",
      "”",
      ", ",
      "you people are",
    ),
    fc.constantFrom("You should have read the manual.", "Das ist Ihre eigene Schuld!", "C'est de votre faute."),
  );
  const texts = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));

  test("lies inside the text, in order and without overlap, for any text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        let end = 0;
        for (const { from, to } of guardText(text)) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 300 },
    );
  });

  test("splits neither a surrogate pair nor a letter and its accent", () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { from, to } of guardText(text).filter(({ rule }) => rule === "blame"))
          for (const edge of [from, to]) {
            expect(text.slice(edge)).not.toMatch(/^\p{M}/u);
            expect(text.slice(0, edge).isWellFormed() || !text.isWellFormed()).toBe(true);
          }
      }),
      { numRuns: 200 },
    );
  });
});

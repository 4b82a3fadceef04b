import { readFileSync } from "node:fs";
import { join } from "node:path";

/*
 * The corpus measures the guard, so the corpus is independent of the guard. One author wrote the sentences for this test, directly
 * in the four languages. No sentence comes from a real desk. The author knew the purpose of the guard and a list of forms of blame.
 * The author read neither the code nor the tests of the guard. The author then read every label again and replaced sentences whose label
 * a reader could dispute. No second person has labelled the sentences. A polite sentence uses words that also occur in blame. No
 * sentence has personal data or the name of a company.
 *
 * The corpus is held out: a person who changes the lists of the guard must not read `held-out` before the measurement. If a
 * sentence was used to change a list, a new sentence must replace that sentence.
 */

/** The languages of the corpus. Each language has a file in `held-out`. */
export const languages = ["en", "fr", "de", "es"] as const;

/** A sentence that a support desk could send to a customer. `blames` is the label that the author of the corpus gave it. */
export type LabelledSentence = {
  readonly language: (typeof languages)[number];
  readonly blames: boolean;
  readonly text: string;
};

/** Returns the sentences of the corpus, in the order of the files. Throws if a row has no label. */
export function readCorpus(): LabelledSentence[] {
  return languages.flatMap((language) =>
    readFileSync(join(import.meta.dirname, "held-out", `${language}.txt`), "utf8")
      .trimEnd()
      .split("\n")
      .map((row, index) => {
        const [, label, text] = /^(blame|polite): (.+)$/.exec(row) ?? [];
        if (text === undefined) throw new Error(`Row ${index + 1} of ${language}.txt has no label`);
        return { language, blames: label === "blame", text };
      }),
  );
}

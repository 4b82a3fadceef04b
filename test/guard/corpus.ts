import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/*
 * A corpus measures the guard, so no sentence of a corpus is in the lists from which the guard learns. The authors wrote the
 * sentences for this test. They knew the definition of blame, but neither the lists nor the code. A polite
 * sentence uses words that also occur in blame. No sentence has personal data or the name of a company.
 *
 * The corpus `hard` has more sarcasm, idioms and long sentences. Its author read every label twice. The corpus `usual` follows the
 * definition in docs/rules/message.md. A second reader labelled its sentences without the author's labels, and 2 of 360 sentences on
 * which the two readers differed are left out. 300 of the others were drawn.
 *
 * Only the first measurement of `usual` is strictly held out: afterwards, its low recall in Spanish was a reason for more Spanish
 * sentences. The counts of `hard` were compared during the choice of the features and of the threshold.
 *
 * A person who adds sentences to the lists must not read a corpus. If a sentence of a corpus was used to change a list, a new sentence
 * must replace it.
 */

/** The held-out corpora. Each corpus has a folder. */
export const corpora = ["usual", "hard"] as const;

/** The languages of a corpus and of the lists. Each language has a file. */
export const languages = ["en", "fr", "de", "es"] as const;

/** A sentence that a support desk could send to a customer. `blames` is the label that its author gave it. */
export type LabelledSentence = {
  readonly language: (typeof languages)[number];
  readonly blames: boolean;
  readonly text: string;
};

const lists = resolve(import.meta.dirname, "../../packages/domain/src/message/blame/sentences");

/** Returns the sentences of a corpus, in the order of the files. Throws if a row has no label. */
export function readCorpus(corpus: (typeof corpora)[number]): LabelledSentence[] {
  return languages.flatMap((language) => readSentences(join(import.meta.dirname, corpus, `${language}.txt`), language));
}

/** Returns the sentences of the lists from which the guard learns. Throws if a row has no label. */
export function readLists(): LabelledSentence[] {
  return languages.flatMap((language) => readSentences(join(lists, `${language}.txt`), language));
}

/** Returns ordinary mails of a support desk, which contain no blame and are not in the lists. */
export function readMails(): string[] {
  return languages.flatMap((language) =>
    readFileSync(join(import.meta.dirname, "ordinary", `${language}.txt`), "utf8").split(/^---$/m),
  );
}

function readSentences(path: string, language: LabelledSentence["language"]): LabelledSentence[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((row, index) => {
      const [, label, text] = /^(blame|polite): (.+)$/.exec(row) ?? [];
      if (text === undefined) throw new Error(`Row ${index + 1} of ${path} has no label`);
      return { language, blames: label === "blame", text };
    });
}

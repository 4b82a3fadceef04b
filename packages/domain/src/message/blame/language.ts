/** The names and barriers that the patterns of a language use. */
export type Vocabulary = {
  /** Alternatives that several patterns use by name, in the notation `a|b c`. */
  readonly words: Readonly<Record<string, string>>;
  /** The words that a gap never skips, because another subject or sentence begins there. */
  readonly barriers: string;
};

/**
 * A named pattern of blame. `marks` has patterns in the notation of `pattern.ts`; each match is a marked place. A pattern of
 * `except` that overlaps a match cancels the match.
 */
export type BlameRule = {
  readonly name: string;
  /** The kind of blame that the rule finds, for the reviewer of a change. */
  readonly note: string;
  readonly marks: readonly string[];
  readonly except?: readonly string[];
  /** True if neither a condition nor an admission of the company's own fault excuses the match, for example contempt. */
  readonly always?: true;
  /** A sentence that the rule marks. */
  readonly example: string;
  /** A polite sentence with similar words that no rule marks. */
  readonly nearMiss: string;
};

/** The reviewed list of one language. */
export type BlameLanguage = Vocabulary & {
  readonly language: "en" | "fr" | "de" | "es";
  readonly rules: readonly BlameRule[];
  /**
   * The contexts that excuse a match. `before` is directly before the match, and `after` is directly behind it. `reported` is
   * before the match and excuses every rule, because the author regrets or reports the words of another person.
   */
  readonly excuses: {
    readonly before: readonly string[];
    readonly after: readonly string[];
    readonly reported: readonly string[];
  };
};

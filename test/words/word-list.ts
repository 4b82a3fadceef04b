/** A word or phrase that texts must not contain, and the words to use instead. `docs/glossary.md` defines one word for each thing. */
export type UnwantedWords = {
  readonly words: RegExp;
  readonly instead: string;
  /** If true, a heading or a table cell may contain the words, as in `What a breach does`, but a sentence may not. */
  readonly inProse?: boolean;
};

export const wordList: readonly UnwantedWords[] = [
  { words: /\b(?:tells?|told|telling)\b/i, instead: "publish, report, log, show, distinguish" },
  { words: /\b(?:looks?|looked|looking)\b/i, instead: "check, poll, query, read" },
  { words: /\banew\b/i, instead: "again, new, restart" },
  { words: /\b(?:mends?|mended|mending)\b/i, instead: "fix" },
  { words: /\b(?:cures?|cured|curing)\b/i, instead: "fix, resolution" },
  { words: /\bheld against\b/i, instead: "compared with" },
  { words: /\b(?:nobody|somebody|whoever|whomever|no one|someone)\b/i, instead: "the component or role" },
  { words: /\b(?:to be had|to be seen|to be read|to be found|is none\b(?! of))\b/i, instead: "a verb with a subject" },
  {
    words: /\b(?:lies|lie|lay|stands?|stood|standing) (?:in|on|at|under|beside|behind|still|there|so|before)\b/i,
    instead: "is in, is stored in, stalls",
  },
  { words: /\bas (?:it|they) stands?\b/i, instead: "current" },
  { words: /\b(?:goes|go|going|went|gone) (?:on|along|back|ahead|out)\b/i, instead: "continue, return, is sent" },
  { words: /\b(?:at rest|(?:come|comes|came|comes) to rest)\b/i, instead: "caught up" },
  { words: /\bdriven (?:clock|timeline)/i, instead: "stepped timeline" },
  { words: /\b(?:figures?)\b/i, instead: "metric, count, measurement" },
  { words: /\b(?:wishes|wish|wished)\b/i, instead: "request" },
  { words: /\b(?:sights?)\b/i, instead: "case access" },
  { words: /\b(?:hears?|heard|hearing)\b/i, instead: "receive" },
  { words: /\bof whom\b|\bwhom it\b|\bwhose turn\b/i, instead: "a named role" },
  {
    words: /\b(?:thereof|therein|whereof|thereby|hence|upon|shall|ought|hitherto|whilst|herewith)\b/i,
    instead: "plain words",
  },
  {
    words: /\b(?:doorman|gatekeeper|gates?|tap|rung|strand|knack)\b/i,
    instead: "rate limiter, or the glossary's word",
  },
  { words: /\bnot any more\b/i, instead: "no longer" },
  { words: /\bof its like\b|\band the like\b/i, instead: "similar" },
  { words: /\b(?:is|are|was|were) (?:said|owed) (?:so|to be)\b/i, instead: "a verb with a subject" },
  {
    // An indirect question after a verb such as "explains" is allowed.
    words:
      /(?<!\b(?:checks?|decides?|describes?|explains?|knows?|lists?|says?|sees?|shows?|counts?|reports?|defines?) )\b[Ww]hat\b(?!.*\?)/,
    instead: "a noun: the event that, the record that",
    inProse: true,
  },
  {
    words: /(?:^|\b(?:of|to|for|by|and|or|with|from|on|about) )[Ww]ho\b(?!.*\?)/,
    instead: "the person who, the company that",
    inProse: true,
  },
  {
    words: /\b[Ww]here (?:its?|the|an?|no|there|they|this|that|one|some|all|every|each|both|nothing)\b/,
    instead: "if, in which",
    inProse: true,
  },
  { words: /\bby itself\b/i, instead: "automatically" },
];

/** Data of an event, or a part of it, as JSON. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * The fields whose values are words of people, or personal data. Every other field of a case's events has an id, an instant, a code or
 * a number.
 */
const wordFields: ReadonlySet<string> = new Set([
  "addresses",
  "answer",
  "attachment",
  "engineer",
  "entries",
  "evidence",
  "fact",
  "fields",
  "lastResort",
  "lineReason",
  "mail",
  "nextStep",
  "note",
  "outcome",
  "question",
  "readBack",
  "rootCause",
  "step",
  "subject",
  "text",
  "title",
  "workaround",
]);

/** The event types whose field `reason` is a code. In all other types, `reason` is a text of a person. */
const codedReasons: ReadonlySet<string> = new Set([
  "case.closed",
  "handoff.offered",
  "handoff.withdrawn",
  "pool.assigned",
  "pool.released",
  "pool.skipped",
  "roster.paged",
]);

/** The data of an event in two parts. `joinWords` makes the data again. */
export type SplitData = { readonly codes: unknown; readonly words: unknown };

/**
 * Splits the data of an event into ids, instants, codes and numbers on the one hand, and words on the other hand. A service stores the
 * words in a row of their own, which an erasure can empty. `words` is undefined if the data has no words.
 */
export function splitWords(type: string, data: unknown): SplitData {
  const isWord = (name: string, value: Json): boolean =>
    (wordFields.has(name) && !(name === "step" && typeof value === "number")) ||
    (name === "reason" && !codedReasons.has(type));
  const split = (value: Json): { codes: Json; words: Json | undefined } => {
    if (typeof value !== "object" || value === null) return { codes: value, words: undefined };
    if (Array.isArray(value)) return { codes: value, words: undefined };
    const codes: Record<string, Json> = {};
    const words: Record<string, Json> = {};
    for (const [name, inner] of Object.entries(value)) {
      if (isWord(name, inner)) {
        words[name] = inner;
        continue;
      }
      const parts = split(inner);
      codes[name] = parts.codes;
      if (parts.words !== undefined) words[name] = parts.words;
    }
    return { codes, words: Object.keys(words).length === 0 ? undefined : words };
  };
  return split(data as Json);
}

/** Joins the two parts of an event's data. If the words were erased, the result has only the codes. */
export function joinWords({ codes, words }: SplitData): unknown {
  if (!isRecord(codes) || !isRecord(words)) return words ?? codes;
  const joined: Record<string, unknown> = { ...codes };
  for (const [name, value] of Object.entries(words))
    joined[name] = name in codes ? joinWords({ codes: codes[name], words: value }) : value;
  return joined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

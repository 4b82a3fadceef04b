import { z } from "zod";
import { formatDuration, isoInstant, parseDuration, parseInstant } from "../time.ts";

const earliest = parseInstant("1900-01-01T00:00:00Z");
// The longest target is 400 days. A deadline 400 days after the last instant must still have a year of four digits.
const latest = parseInstant("9998-01-01T00:00:00Z");

/** An instant in a request: ISO 8601 with an offset, in the years 1900 to 9997. */
export const sentInstant = isoInstant.refine(
  (text) => {
    const instant = parseInstant(text);
    return instant >= earliest && instant < latest;
  },
  { error: "must be an instant of the years 1900 to 9997", when: ({ issues }) => issues.length === 0 },
);

/*
 * Characters that disguise the content of a text: controls; bidirectional
 * embeddings, overrides and isolates (UTR #36, 2.5); deprecated format characters; annotations; tags. Crossline allows joiners (U+200C, U+200D), the marks LRM, RLM and ALM,
 * soft hyphens, zero-width spaces and variation selectors. Scripts and emoji need these characters, which do not reorder text.
 */
const disguisingCharacters = String.raw`\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{E0000}-\u{E007F}`;
const oneRow = new RegExp(String.raw`^[^\p{Cc}\u2028\u2029${disguisingCharacters}]*$`, "u");
const severalRows = new RegExp(String.raw`^(?:[^\p{Cc}${disguisingCharacters}]|[\t\n\r])*$`, "u");
/** Matches a visible character: no space, no invisible character and no empty Braille pattern. */
const visible = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;
/**
 * Matches a text that Crossline can compare: a text without invisible characters, and with no spaces except plain spaces (UTS
 * #39, 3.1 and 5.4).
 */
const identifying = /^(?:[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]| )+$/u;

const rowFault = "must be one row, without control characters and characters that change its direction or hide text";
const proseFault = "must have no control characters and no characters that change its direction or hide text";
const blankFault = "must not be blank";

/**
 * Returns the schema of an identifier in a request, for example of a case, a customer or a person. The text is trimmed and
 * converted to Unicode's normal form C, so that visually equal identifiers are equal. Upper and lower case stay as they are.
 * The schema refuses invisible characters.
 */
export function identifier(longest: number) {
  return z
    .string()
    .trim()
    .normalize("NFC")
    .min(1, { error: blankFault, abort: true })
    .max(longest)
    .regex(identifying, "must have no invisible characters, and only plain spaces");
}

/** Returns the schema of a text for people. The text must not be blank, and must not have disguising characters. */
function readable(text: z.ZodString, longest: number, form: RegExp, error: string) {
  return text
    .min(1, { error: blankFault, abort: true })
    .max(longest)
    .regex(form, { error, abort: true })
    .regex(visible, blankFault);
}

/** Returns the schema of a one-row text that only people read. Crossline stores the text as it was sent. */
export function textRow(longest: number) {
  return readable(z.string(), longest, oneRow, rowFault);
}

/**
 * Returns the schema of a one-row text that people read and Crossline compares, such as a device model. The text is trimmed and
 * converted to normal form C.
 */
export function label(longest: number) {
  return readable(z.string().trim().normalize("NFC"), longest, oneRow, rowFault);
}

/** Returns the schema of a text with several rows that only people read. Crossline stores the text as it was sent. */
export function prose(longest: number) {
  return readable(z.string(), longest, severalRows, proseFault);
}

/** Returns the fault of a text in a published document; undefined if the text has no fault. */
export function textFault(text: string): string | undefined {
  if (!severalRows.test(text)) return proseFault;
  return visible.test(text) ? undefined : blankFault;
}

/**
 * The fields of requests that name the actor. A session stamps its person into the field `person`, and `program` marks the field with which
 * a program says that it acts.
 */
export const actingPersonFields = z.registry<{ readonly is: "person" | "program" }>();

/**
 * The acting person of the calling party. If `automated` is not true, a person acts. A program never restarts a clock that
 * waits for a person.
 */
export const actingPerson = {
  person: identifier(64)
    .optional()
    .meta({
      description:
        "The company's own id of the person, which is not a name. A live contact that names a person is also a handling by that person",
    })
    .register(actingPersonFields, { is: "person" }),
  automated: z
    .boolean()
    .default(false)
    .meta({ description: "True if a program acts without a person" })
    .register(actingPersonFields, { is: "program" }),
};

/** The place at which a result page begins: `next` of the previous result page. */
export const cursor = z
  .string()
  .max(300)
  .regex(/^[\w-]+$/, "must be the `next` of another result page")
  .meta({ examples: ["WyJub3J0aHRlbCIsMV0"] });

/** The maximum number of items of a result page. */
export const resultPageLimit = z.coerce.number().int().min(1).max(100).default(50);

/**
 * Returns the schema of a filter that can have several values. A client repeats the parameter for each value. A single value
 * becomes a list of one element.
 */
export function oneOrSeveral<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? (value as unknown) : [value]),
    z.array(item).min(1).max(20).optional(),
  );
}

/** Returns the schema of a result page. The last result page has no `next`. */
export function resultPage<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().optional() });
}

/** A text of one or more sentences. */
export const note = prose(1000).meta({ examples: ["The customer has restarted the handheld twice."] });

/** The chains of a dossier that a company reads: the length of each chain and the hash of its last entry. */
export const chainHeads = z
  .object({
    entries: z.int(),
    head: z.string().optional(),
    internal: z
      .object({ entries: z.int(), head: z.string() })
      .optional()
      .meta({ description: "The internal chain of your company, if it has entries" }),
  })
  .meta({
    description:
      "The shared chain of all companies of the case. `head` is the last hash of this chain in an export file",
  });

/** The finding of a lint at one place of a document. */
export const lintFault = z.object({
  at: z.string().meta({ description: "JSON Pointer", examples: ["/clocks/0/target"] }),
  message: z.string().meta({ examples: ["must be PT10S to P400D"] }),
});

/** Returns the schema of an ISO 8601 duration from `leastMs` to `mostMs`. */
export function durationBetween(leastMs: number, mostMs: number) {
  const fits = (text: string): boolean => {
    try {
      const ms = parseDuration(text);
      return ms >= leastMs && ms <= mostMs;
    } catch {
      return false;
    }
  };
  const bounds = `${formatDuration(leastMs)} to ${formatDuration(mostMs)}`;
  return z.string().max(40).refine(fits, `must be an ISO 8601 duration from ${bounds}`);
}

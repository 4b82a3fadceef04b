import { z } from "zod";
import { isoInstant, parseInstant } from "../time.ts";

const earliest = parseInstant("1900-01-01T00:00:00Z");
// The longest target is 400 days: what falls due after the last instant must still have a date of four digits.
const latest = parseInstant("9998-01-01T00:00:00Z");

/** An instant that somebody sends: ISO 8601 with offset, of the years 1900 to 9997. */
export const sentInstant = isoInstant.refine(
  (text) => {
    const instant = parseInstant(text);
    return instant >= earliest && instant < latest;
  },
  { error: "must be an instant of the years 1900 to 9997", when: ({ issues }) => issues.length === 0 },
);

/*
 * Characters that let a text read otherwise than it is: controls, embeddings, overrides and isolates of the bidirectional algorithm
 * (UTR #36, 2.5), deprecated format characters, annotations and tags. Joiners (U+200C, U+200D), the marks LRM, RLM and ALM,
 * soft hyphens, zero-width spaces and variation selectors stay: scripts and emoji need them, and they reorder nothing.
 */
const disguisingCharacters = String.raw`\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{E0000}-\u{E007F}`;
const oneRow = new RegExp(String.raw`^[^\p{Cc}\u2028\u2029${disguisingCharacters}]*$`, "u");
const severalRows = new RegExp(String.raw`^(?:[^\p{Cc}${disguisingCharacters}]|[\t\n\r])*$`, "u");
/** At least one character that a person sees: not a space, not one that has no form of its own, not the empty Braille pattern. */
const visible = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** UTS #39, 3.1 and 5.4: what is compared has no character that is not seen, and no other space than the plain one. */
const identifying = /^(?:[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]| )+$/u;

const rowFault = "must be one line, without control characters and those that change its direction or hide text";
const proseFault = "must have no control characters, and none that change its direction or hide text";
const blankFault = "must have something to read: it is blank";

/**
 * An identifier as clients send it: of a case, a customer, a person. Those that look alike are one: it is trimmed and in
 * Unicode's normal form C before anything compares it. Letters keep their case. Invisible characters are refused.
 */
export function identifier(longest: number) {
  return z
    .string()
    .trim()
    .normalize("NFC")
    .min(1, { error: blankFault, abort: true })
    .max(longest)
    .regex(identifying, "must have no invisible characters, and no other space than the plain one");
}

/** Text that people read: not blank, and without characters that disguise it. */
function readable(text: z.ZodString, longest: number, form: RegExp, error: string) {
  return text
    .min(1, { error: blankFault, abort: true })
    .max(longest)
    .regex(form, { error, abort: true })
    .regex(visible, blankFault);
}

/** Text of one line that people read, as it was sent. */
export function textRow(longest: number) {
  return readable(z.string(), longest, oneRow, rowFault);
}

/** The same where it is compared too, such as the model of a device: trimmed and in normal form C. */
export function label(longest: number) {
  return readable(z.string().trim().normalize("NFC"), longest, oneRow, rowFault);
}

/** Text of some lines that people read, as it was sent. */
export function prose(longest: number) {
  return readable(z.string(), longest, severalRows, proseFault);
}

/** What is wrong with a text that people read, in a document that can be read for good; nothing where it is well. */
export function textFault(text: string): string | undefined {
  if (!severalRows.test(text)) return proseFault;
  return visible.test(text) ? undefined : blankFault;
}

/** Who acts for the calling party: a person, unless it says otherwise; automation never moves a clock meant for a person. */
export const actingPerson = {
  person: identifier(64).optional().meta({
    description: "The company's own id of the person, no name. A live contact with it is that person's handling too",
  }),
  automated: z.boolean().default(false).meta({ description: "Nobody's doing, but a program's" }),
};

/** Where a page begins, as the page before said in `next`. */
export const cursor = z
  .string()
  .max(300)
  .regex(/^[\w-]+$/, "must be the `next` of another page")
  .meta({ examples: ["WyJub3J0aHRlbCIsMV0"] });

/** How many a page has at most. */
export const resultPageLimit = z.coerce.number().int().min(1).max(100).default(50);

/** A filter of a list that takes several values: the parameter is repeated. One value alone is a list of one. */
export function oneOrSeveral<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? (value as unknown) : [value]),
    z.array(item).min(1).max(20).optional(),
  );
}

/** A page of a list; without `next` it is the last one. */
export function resultPage<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().optional() });
}

/** What a person writes in a sentence or some. */
export const note = prose(1000).meta({ examples: ["The customer has restarted it twice."] });

/** The chains of a case's dossier that a company reads: how long each is, and the hash of its last entry. */
export const chainHeads = z
  .object({
    entries: z.int(),
    head: z.string().optional(),
    internal: z
      .object({ entries: z.int(), head: z.string() })
      .optional()
      .meta({ description: "Your company's own chain, where it has internal entries" }),
  })
  .meta({
    description: "The chain that all companies of the case share, and its last hash: an exported bundle ends with it",
  });

/** What a lint says of one place of a document. */
export const lintFault = z.object({
  at: z.string().meta({ description: "JSON Pointer", examples: ["/clocks/0/target"] }),
  message: z.string().meta({ examples: ["must be PT10S to P400D"] }),
});

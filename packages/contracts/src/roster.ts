import { z } from "zod";
import { openInterval, zone } from "./calendar.ts";
import { severity, slug } from "./events/vocabulary.ts";
import { isoInstant } from "./time.ts";

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be like 09:00");

/**
 * Returns the schema of a one-row text in a published document. The schema is lenient, so that published documents stay valid.
 * The lint refuses blank and disguised text.
 */
function documentText(text: z.ZodString, longest: number) {
  return text
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}+$/u, "must be one row, without control characters");
}

/** The company's own id of a person, which is not a name. The id has the form of an `identifier` in a request. */
export const personId = documentText(z.string().trim().normalize("NFC"), 64).meta({ examples: ["ada"] });

/** A mail address that is safe in a mail header. The text is one row and contains only the address. */
export const mailAddress = z.email("must be a mail address such as duty@example.com").max(254);

/**
 * The quiet hours of a person, in the person's own zone. In these hours, notification sends only the pages that `mayWake` or
 * `emergency` allows. The hours may include midnight.
 */
const quietHours = z.strictObject({ from: timeOfDay, to: timeOfDay, zone });

/** A person who can be on duty, with a mail address, a webhook, or both. */
export const rosterPerson = z.strictObject({
  id: personId,
  name: documentText(z.string(), 200),
  mail: mailAddress.optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional()
    .meta({ description: "A webhook, for example of a pager" }),
  quiet: quietHours.optional(),
});

const day = z.array(openInterval).max(8).optional();

const turns = {
  turn: z.enum(["daily", "weekly"]),
  handover: timeOfDay,
  zone,
  order: z.array(personId).max(50),
  hours: z
    .strictObject({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day })
    .optional()
    .meta({ description: "The hours of `zone` in which a person is on duty. Default: always" }),
};

/** A period of a layer. The people in `order` take turns, and turn 0 belongs to the first person. */
const rotationPeriod = z.strictObject({
  from: z.iso.date().meta({ description: "The period begins at `handover` on this date" }),
  ...turns,
});

/**
 * A layer. Of the periods that have begun, the latest period applies. A daily turn runs from one handover to the next, and a
 * weekly turn runs for seven such days. A day without any `hours` between its two handovers does not count as a daily turn. A
 * layer with `start` has a single period without an end.
 */
const rotationLayer = z.union([
  z.strictObject({
    name: slug.optional().meta({ description: "Default: `layer-1`, `layer-2` …, by the position of the layer" }),
    start: z.iso
      .date()
      .meta({ description: "The first turn begins on this date. A weekly turn changes on the same weekday" }),
    ...turns,
  }),
  z.strictObject({ name: slug, periods: z.array(rotationPeriod).max(50) }),
]);

/**
 * An override, which begins at `from` and ends just before `to`. During this time, `person` replaces the person on duty in one
 * layer or in all layers. If `person` is `null`, no person is on duty.
 */
export const rosterOverride = z
  .strictObject({
    from: isoInstant,
    to: isoInstant,
    layer: slug.optional().meta({ description: "The name of the layer. Default: all layers" }),
    person: personId.nullable(),
  })
  .meta({
    id: "RosterOverride",
    examples: [{ from: "2026-03-07T17:00:00Z", to: "2026-03-08T17:00:00Z", person: "ben" }],
  });

/** A swap, which begins at `from` and ends just before `to`. During this time, two persons exchange their turns. */
export const rosterSwap = z
  .strictObject({
    from: isoInstant,
    to: isoInstant,
    between: z.array(personId).length(2, "must name two people"),
  })
  .meta({
    id: "RosterSwap",
    examples: [{ from: "2026-03-07T17:00:00Z", to: "2026-03-14T17:00:00Z", between: ["ada", "ben"] }],
  });

const rosterExample = {
  roster: "duty",
  people: [
    { id: "ada", name: "Ada Lovett", mail: "ada.lovett@northtel.example" },
    { id: "ben", name: "Ben Okri", url: "https://pager.northtel.example/ben" },
  ],
  rotation: [
    { turn: "weekly", handover: "09:00", zone: "America/Toronto", start: "2026-03-02", order: ["ada", "ben"] },
  ],
};

/**
 * A roster: the versioned duty roster of a party. No other party reads the roster. The schema checks each field, and the lint
 * of the domain package checks the other rules.
 */
export const rosterDocument = z
  .strictObject({
    schema: z.literal(1).optional().meta({ description: "The version of the document format. Default: 1" }),
    roster: slug,
    title: documentText(z.string(), 200).optional(),
    people: z.array(rosterPerson).max(100),
    rotation: z.array(rotationLayer).max(10).meta({ description: "Each layer has its own person on duty" }),
    overrides: z.array(rosterOverride).max(200).optional(),
    swaps: z.array(rosterSwap).max(200).optional(),
    mayWake: z.union([z.boolean(), severity]).optional().meta({
      description:
        "The pages that are sent in quiet hours: all (`true`), none (`false`), or those of cases with at least this severity. Default: `critical`",
    }),
    emergency: z.boolean().optional().meta({ description: "If true, every page is also sent in quiet hours" }),
  })
  .meta({ id: "RosterDocument", examples: [rosterExample] });

export type RosterDocument = z.infer<typeof rosterDocument>;
export type RosterPerson = z.infer<typeof rosterPerson>;
export type RotationLayer = z.infer<typeof rotationLayer>;
export type RotationPeriod = z.infer<typeof rotationPeriod>;

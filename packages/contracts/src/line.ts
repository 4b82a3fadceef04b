import { z } from "zod";
import { clockKind } from "./events/clock.ts";
import { crossingMode, queueName, severity, slug } from "./events/vocabulary.ts";
import { hours } from "./calendar.ts";
import { skillLevel } from "./skill.ts";
import { parseDuration } from "./time.ts";

const shortestMs = 10_000;
const longestMs = 400 * 86_400_000;

/** The target of a clock: an ISO 8601 duration from 10 s to 400 days. */
export const target = z.string().superRefine((text, context) => {
  try {
    const ms = parseDuration(text);
    if (ms < shortestMs || ms > longestMs) context.addIssue({ code: "custom", message: "must be PT10S to P400D" });
  } catch {
    context.addIssue({
      code: "custom",
      message: "must be an ISO 8601 duration such as PT20M, without years and months",
    });
  }
});

/** A period or a margin: an ISO 8601 duration from 0 s to 400 days. */
const span = z.string().refine((text) => {
  try {
    const ms = parseDuration(text);
    return ms >= 0 && ms <= longestMs;
  } catch {
    return false;
  }
}, "must be an ISO 8601 duration such as P7D, without years and months, up to P400D");

/** The path of a required item: `device.model`, `subject.imei`, `symptom`, or the name of a fact (`activation-code`). */
const itemPath = z
  .string()
  .max(80)
  .regex(
    /^(?:device\.(?:vendor|model|os)|subject\.[a-zA-Z]+|symptom|need-by|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$/,
    "must be device.model, subject.imei, symptom, or the name of a fact",
  );

/**
 * One target for all cases, or one target for each severity. `else` applies to the other severities, and `live` applies if the
 * customer is live.
 */
const targets = z.union([
  target,
  z.strictObject({
    live: target.optional(),
    critical: target.optional(),
    major: target.optional(),
    minor: target.optional(),
    else: target,
  }),
]);

/**
 * A condition that can pause a clock. `customer`, `vendor` and `carrier`: the case waits for this party. `held`: the status of
 * the case is `held`. `offered` and `accepted`: the hand-off has this phase.
 */
const pause = z.enum(["customer", "vendor", "carrier", "held", "offered", "accepted"]);

const lineClock = z.strictObject({
  kind: clockKind,
  name: slug.optional().meta({ description: "The clock name, which is unique in the line. Default: the kind" }),
  target: targets.optional().meta({
    description:
      "Absent for `need-by`, because the plan sets the target, and for `promise`, because the window sets it",
  }),
  warnAt: z
    .array(z.int().min(1).max(99))
    .max(10)
    .default([])
    .meta({ description: "The thresholds of the warnings, in % of the target" }),
  calendar: hours
    .optional()
    .meta({ description: "The calendar whose open hours count. Default: the calendar of the line" }),
  pausedWhile: z
    .array(pause)
    .max(pause.options.length)
    .optional()
    .meta({ description: "The conditions that pause the clock. Default: the conditions of the kind" }),
});

/** `roster:<party>.<name>`: the people on duty of that roster. */
const rosterTarget = z
  .templateLiteral(["roster:", z.string()])
  .refine((to) => queueName.safeParse(to.slice("roster:".length)).success, "must be roster:<party>.<name>");

const queueTarget = z
  .templateLiteral(["queue:", z.string()])
  .refine((to) => queueName.safeParse(to.slice("queue:".length)).success, "must be queue:<vendor>.<team>");

/** `pool:<name>`: a pool of the line's own carrier. */
const poolTarget = z
  .templateLiteral(["pool:", z.string()])
  .refine((to) => slug.safeParse(to.slice("pool:".length)).success, "must be pool:<name>");

const crossingStep = z.strictObject({
  to: z.union([queueTarget, rosterTarget, poolTarget]),
  hours: hours.optional().meta({ description: "The open hours of the queue, roster or pool. Default: always open" }),
  whenClosed: z.enum(["skip", "wait"]).optional().meta({
    description:
      "Outside `hours`, `skip` takes the next step at once, and `wait` waits until the hours begin. Default: `skip`",
  }),
  mode: crossingMode.default("ticket"),
  acceptWithin: target.optional(),
  repeat: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .meta({ description: "How many times Crossline takes this step before it takes the next step" }),
});

/** A condition that makes a case cross without a clock. A crossing by hand needs no trigger. */
const trigger = z.discriminatedUnion("on", [
  z.strictObject({ on: z.literal("contacts"), count: z.int().min(2).max(100), within: span }),
  z.strictObject({ on: z.literal("alike"), count: z.int().min(2).max(1_000), within: span }),
  z.strictObject({ on: z.literal("returns"), count: z.int().min(1).max(10) }),
  z.strictObject({ on: z.literal("transfers"), count: z.int().min(1).max(10) }),
  z.strictObject({ on: z.literal("reopened"), count: z.int().min(1).max(10).optional() }),
  z.strictObject({ on: z.literal("severity"), reaches: severity }),
  z.strictObject({ on: z.literal("skill.missing"), level: skillLevel }),
]);

/** A required item, and the party that must supply the item. Without `from`, the carrier must supply the item. */
const requirement = z.union([
  itemPath,
  z.strictObject({ item: itemPath, from: z.enum(["carrier", "vendor", "customer"]) }),
]);

/**
 * The plan from which the latest safe crossing follows: need-by − `cure` − `margin`. Only the vendor's open hours count for the
 * fix time `cure`.
 */
const needByPlan = z.strictObject({
  cure: target.meta({
    description: "The time in which nine of ten fixes are complete, counted in the vendor's open hours",
  }),
  hours: hours.optional(),
  margin: span.optional(),
  emergency: rosterTarget
    .optional()
    .meta({ description: "The roster that routing pages at once if the remaining time is too short" }),
});

const lineExample = {
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] },
    { kind: "stall.idle", target: "PT2H", warnAt: [] },
  ],
  crossing: [{ to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT2M", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/page"],
};

/**
 * An address or a roster of the last resort. The OpenAPI document shows one string, because a code generator cannot distinguish
 * two kinds of strings.
 */
const lastResortTarget = z.union([z.url({ protocol: /^https?$/ }).max(2000), rosterTarget]).meta({
  description: "An http or https address, or `roster:<party>.<name>`",
  override: ({ jsonSchema }: { readonly jsonSchema: { anyOf?: unknown; type?: unknown } }) => {
    delete jsonSchema.anyOf;
    jsonSchema.type = "string";
  },
});

/**
 * The document of a line. The schema checks each field and refuses unknown keys. The lint of the domain package finds all other
 * faults, for example repeated names or a missing last resort. Every field that was added after the first version is optional,
 * so that every published document stays valid.
 */
export const lineDocument = z
  .strictObject({
    schema: z.literal(1).optional().meta({ description: "The version of the document format. Default: 1" }),
    line: slug,
    title: z.string().min(1).max(200).optional(),
    mode: z.enum(["cross", "observe"]).default("cross"),
    match: z.string().min(1).max(2_000).optional().meta({ description: "The match condition: CEL over `case`" }),
    order: z
      .int()
      .min(0)
      .max(1_000)
      .optional()
      .meta({ description: "Crossline evaluates lines with a lower order first. Default: 100" }),
    calendar: hours,
    clocks: z.array(lineClock).min(1).max(20),
    triggers: z.array(trigger).max(20).optional(),
    crossing: z.array(crossingStep).max(20).default([]),
    lastResort: z.array(lastResortTarget).max(10).default([]),
    returns: z.strictObject({ jointAfter: z.int().min(1).max(10) }).optional(),
    requires: z.array(requirement).max(50).optional(),
    problems: z
      .strictObject({
        missing: z
          .int()
          .min(2)
          .max(1_000)
          .meta({ description: "The number of cases of one channel that lack the same required item within `within`" }),
        returned: z
          .int()
          .min(1)
          .max(1_000)
          .optional()
          .meta({ description: "How often a symptom returns after its fix within `within`" }),
        within: span.optional(),
        investigateWithin: target
          .optional()
          .meta({ description: "The time until a problem must be a known error or resolved. Default: `P10D`" }),
      })
      .optional()
      .meta({
        description: "The limits at which Crossline opens a problem, and the time for its investigation",
      }),
    incidents: z
      .strictObject({ cases: z.int().min(2).max(1_000), within: span })
      .optional()
      .meta({
        description:
          "If `cases` alike cases open within `within`, they become an incident, whose lead case crosses at once",
      }),
    needBy: needByPlan.optional(),
    letters: span.optional().meta({
      description: "How long a case accepts contacts from the customer after its end. Default: `P30D`",
    }),
    handlings: z
      .strictObject({ until: z.literal("ended"), max: target })
      .optional()
      .meta({
        description: "For a CRM that sends no heartbeats: a handling counts until its end, but for at most `max`",
      }),
  })
  .meta({ id: "LineDocument", examples: [lineExample] });

export type LineDocument = z.infer<typeof lineDocument>;
export type LineClock = z.infer<typeof lineClock>;
export type CrossingStep = z.infer<typeof crossingStep>;
export type Targets = z.infer<typeof targets>;
export type Pause = z.infer<typeof pause>;
export type Trigger = z.infer<typeof trigger>;

import { z } from "zod";
import { clockKind } from "./events/clock.ts";
import { crossingMode } from "./events/handoff.ts";
import { queueName, slug } from "./events/vocabulary.ts";
import { parseDuration } from "./time.ts";

const shortestMs = 10_000;
const longestMs = 400 * 86_400_000;

/** An ISO 8601 duration that a clock can have: 10 s to 400 days. */
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

/** One target for all, or one by severity (`live`: for a customer who is on the line) with `else` for the rest. */
export const targets = z.union([
  target,
  z.strictObject({
    live: target.optional(),
    critical: target.optional(),
    major: target.optional(),
    minor: target.optional(),
    else: target,
  }),
]);

export const lineClock = z.strictObject({
  kind: clockKind,
  name: slug.optional().meta({ description: "Unique in its line; its kind, if it has none" }),
  target: targets,
  warnAt: z.array(z.int().min(1).max(99)).max(10).default([]).meta({ description: "Warnings, in % of the target" }),
});

export const crossingStep = z.strictObject({
  to: z
    .templateLiteral(["queue:", z.string()])
    .refine((to) => queueName.safeParse(to.slice("queue:".length)).success, "must be queue:<vendor>.<team>"),
  mode: crossingMode.default("ticket"),
  acceptWithin: target.optional(),
  repeat: z.int().min(1).max(10).default(1).meta({ description: "How often this step is tried before the next" }),
});

/**
 * A line: the versioned policy for one kind of case. Unknown keys are refused. The rules that need more than one
 * field (names that clash, no last resort) are `lint`'s in the domain.
 */
export const lineDocument = z.strictObject({
  line: slug,
  mode: z.enum(["cross", "observe"]).default("cross"),
  calendar: z.literal("24x7"),
  clocks: z.array(lineClock).min(1).max(20),
  crossing: z.array(crossingStep).max(20).default([]),
  lastResort: z
    .array(z.url({ protocol: /^https?$/ }).max(2000))
    .max(10)
    .default([]),
});

export type LineDocument = z.infer<typeof lineDocument>;
export type LineClock = z.infer<typeof lineClock>;
export type CrossingStep = z.infer<typeof crossingStep>;
export type Targets = z.infer<typeof targets>;

import { z } from "zod";
import { label, sentInstant, textRow } from "./api/parts.ts";
import { parseInstant } from "./time.ts";

/** The version of an operating system: one to six numbers with dots. */
export const osVersion = z
  .string()
  .regex(/^\d{1,9}(?:\.\d{1,9}){0,5}$/, "must be numbers with dots, e.g. 4.2")
  .meta({ examples: ["4.2"] });

/** A range of versions. Both ends belong to the range, and the end `4.2` includes `4.2.9`. */
const osVersions = z
  .strictObject({ from: osVersion.optional(), to: osVersion.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || !endsBefore(to, from), {
    path: ["to"],
    message: "must not be before from",
    when: isSoFarValid,
  });

/** The level of a skill or of a demand: 1 is the lowest level, and 5 is the highest level. */
export const skillLevel = z
  .int()
  .min(1)
  .max(5)
  .meta({ examples: [2] });

/**
 * A skill of a person: devices that the person can help with, by operating system, by model family, or by both. The skill is valid
 * from `from` until just before `until`.
 */
export const skill = z
  .strictObject({
    os: label(60)
      .optional()
      .meta({ description: "The name of an operating system", examples: ["PocketOS"] }),
    versions: osVersions.optional().meta({ description: "The versions of `os`. Default: all versions" }),
    model: label(100)
      .optional()
      .meta({ description: "A model family: the first words of the model", examples: ["Handheld"] }),
    level: skillLevel,
    from: sentInstant.meta({ description: "The skill is valid from this instant on" }),
    until: sentInstant.optional().meta({ description: "The skill is no longer valid from this instant on" }),
    source: textRow(200).meta({ description: "The proof of the skill", examples: ["Training 2026-03, exam 17"] }),
  })
  .refine(({ os, model }) => os !== undefined || model !== undefined, {
    message: "must have os, model or both",
    when: isSoFarValid,
  })
  .refine(({ os, versions }) => versions === undefined || os !== undefined, {
    path: ["versions"],
    message: "needs os",
    when: isSoFarValid,
  })
  .refine(({ from, until }) => until === undefined || parseInstant(until) > parseInstant(from), {
    path: ["until"],
    message: "must be after from",
    when: isSoFarValid,
  })
  .meta({
    id: "Skill",
    examples: [
      {
        os: "PocketOS",
        versions: { from: "4", to: "5.1" },
        level: 2,
        from: "2026-03-01T05:00:00Z",
        until: "2027-03-01T05:00:00Z",
        source: "Training 2026-03, exam 17",
      },
    ],
  });

/** All skills of a person. */
export const skillSet = z.array(skill).min(1).max(100);

export type Skill = z.infer<typeof skill>;

function isSoFarValid({ issues }: { readonly issues: readonly unknown[] }): boolean {
  return issues.length === 0;
}

/** Returns true if the range end `to` is before `from`. A missing number of `to` is the highest number. */
function endsBefore(to: string, from: string): boolean {
  const starts = from.split(".").map(Number);
  for (const [index, end] of to.split(".").map(Number).entries()) {
    const start = starts[index] ?? 0;
    if (end !== start) return end < start;
  }
  return false;
}

import { z } from "zod";
import { instant, slug } from "../events/vocabulary.ts";
import { parseDuration } from "../time.ts";
import { durationBetween } from "./parts.ts";

const minuteMs = 60_000;
const canariesMax = 10;

const every = durationBetween(minuteMs, 24 * 60 * minuteMs).meta({
  description: "The time from one run to the next",
  examples: ["PT15M"],
});
const within = durationBetween(10_000, 60 * minuteMs).meta({
  description: "The time in which a run must reach its last stage. A run that takes longer is missed",
  examples: ["PT5M"],
});
const canaryChannel = z.enum(["web", "mail"]).meta({
  description: "The door that the canary probes. `web`: `POST /v1/contacts`. `mail`: the receiver of mail",
});

/** The reasons for which a run failed that are not problem codes of a door. */
export const canaryFaults = [
  "unreachable",
  "unreadable-response",
  "mail-off",
  "mail-refused",
  "key-unreadable",
  "case-not-open",
  "case-not-marked",
  "clock-not-running",
  "not-acknowledged",
] as const;

const stage = z.enum(["send", "acknowledge", "read-back", "close"]).meta({
  description:
    "`send`: the door takes the inquiry. `acknowledge`: the acknowledgement arrives. `read-back`: the case is open and its first-response clock runs. `close`: the case is closed",
});

/** A canary as a carrier sets it. */
const canaryToSet = z
  .strictObject({ line: slug, channel: canaryChannel, every, within })
  .refine((canary) => isShorter(canary.within, canary.every), {
    path: ["within"],
    message: "must be shorter than every",
    when: ({ issues }) => issues.length === 0,
  });

/** `PUT /v1/canaries`: sets all canaries of the carrier. */
export const setCanariesRequest = z
  .strictObject({
    canaries: z
      .array(canaryToSet)
      .max(canariesMax)
      .superRefine((canaries, context) => {
        const names = canaries.map(({ line, channel }) => `${line}/${channel}`);
        for (const [index, name] of names.entries())
          if (names.indexOf(name) < index)
            context.addIssue({
              code: "custom",
              path: [index],
              message: "repeats the line and channel of another canary",
            });
      }),
  })
  .meta({
    id: "SetCanaries",
    examples: [{ canaries: [{ line: "handheld-consumer", channel: "web", every: "PT15M", within: "PT5M" }] }],
  });

const canaryResult = z.object({
  outcome: z.enum(["acknowledged", "missed"]),
  startedAt: instant,
  endedAt: instant,
  stage: stage.optional().meta({ description: "The stage that a missed run did not reach" }),
  fault: z
    .string()
    .optional()
    .meta({
      description: `The reason of the last failed try: a problem code of the door, or one of ${canaryFaults.join(", ")}`,
      examples: ["unreachable"],
    }),
  caseId: z.string().optional().meta({ description: "The case that the run opened, if the run learned its id" }),
});

export const presentedCanary = z
  .object({
    id: z.string().meta({ examples: ["cn_01jnrfj3n5q7s9v1x3z5b7d9f1"] }),
    line: slug,
    channel: canaryChannel,
    every: z.string().meta({ examples: ["PT15M"] }),
    within: z.string().meta({ examples: ["PT5M"] }),
    nextRunAt: instant.meta({ description: "The time of the next run, or of the run in progress" }),
    running: z.object({ startedAt: instant, stage }).optional().meta({ description: "The run in progress" }),
    last: canaryResult.optional().meta({ description: "The result of the last run" }),
    lastAcknowledgedAt: instant.optional().meta({ description: "The end of the last run that was not missed" }),
  })
  .meta({ id: "Canary" });

/** The complete list of a carrier's canaries. */
export const canaryList = z.object({ items: z.array(presentedCanary).max(canariesMax) }).meta({ id: "CanaryList" });

export type CanaryToSet = z.output<typeof canaryToSet>;
export type CanaryFault = (typeof canaryFaults)[number];
export type PresentedCanary = z.infer<typeof presentedCanary>;

function isShorter(one: string, other: string): boolean {
  return parseDuration(one) < parseDuration(other);
}

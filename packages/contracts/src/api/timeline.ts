import { z } from "zod";
import { instant, partyId, timelineId } from "../events/vocabulary.ts";
import { resultPage, resultPageLimit, sentInstant } from "./parts.ts";

/** `POST /v1/timelines`. */
export const createTimelineRequest = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("stepped"),
      start: sentInstant
        .optional()
        .meta({ description: "The now with which the timeline begins. Default: now on the wall timeline" }),
      parties: z
        .array(partyId)
        .min(1)
        .max(100)
        .optional()
        .meta({ description: "The companies that may use a timeline of the operator. Default: all companies" }),
    }),
    z.strictObject({ kind: z.literal("import") }),
  ])
  .meta({ id: "CreateTimeline", examples: [{ kind: "stepped", start: "2026-03-07T14:00:00Z" }] });

export const presentedTimeline = z
  .object({
    id: z.string().meta({ examples: ["stp_01jnrf2a4c6e8g0j2k4m6n8p0r"] }),
    kind: z.enum(["wall", "stepped", "import"]),
    owner: partyId,
    parties: z.array(partyId).optional(),
    mark: instant.optional().meta({ description: "The now of a stepped timeline, or the end of an import's history" }),
    importedRows: z
      .int()
      .optional()
      .meta({ description: "The number of the last imported row. The next import request continues after this row" }),
    endedAt: instant.optional(),
  })
  .meta({ id: "Timeline" });

/** `GET /v1/timelines`. */
export const timelineListQuery = z
  .strictObject({ cursor: timelineId.optional(), limit: resultPageLimit, owner: partyId.optional() })
  .meta({ id: "TimelineList" });

export const timelineResultPage = resultPage(presentedTimeline).meta({ id: "TimelinePage" });

/** `POST /v1/timelines/{id}/advance`: moves the mark to the instant `to`, and stops at every deadline before `to`. */
export const advanceRequest = z
  .strictObject({ to: sentInstant })
  .meta({ id: "Advance", examples: [{ to: "2026-03-07T14:20:00Z" }] });

export const advanceResponse = z
  .object({
    mark: instant,
    steps: z.int().meta({ description: "The number of times that the mark moved" }),
    parked: z
      .int()
      .meta({ description: "The number of records of this timeline that could not be applied and wait for a retry" }),
    dead: z.int().meta({ description: "The number of records of this timeline that could not be parsed" }),
  })
  .meta({ id: "Advanced" });

/** `POST /v1/timelines/{id}/end`: sets the end mark of an import. */
export const endTimelineRequest = z
  .strictObject({ mark: sentInstant })
  .meta({ id: "EndTimeline", examples: [{ mark: "2026-03-31T00:00:00Z" }] });

/**
 * The response of a service to `GET /internal/timelines/{id}`. For each topic, the response contains two numbers: how many
 * records of the timeline the service appended, and how many it applied.
 */
export const timelineReport = z.object({
  appended: z.record(z.string(), z.int()),
  applied: z.record(z.string(), z.int()),
  parked: z.int(),
  dead: z.int(),
  lost: z.int().optional(),
  earliestDue: instant.optional(),
  /** The number of tasks that are due and not done. Only intake has tasks. */
  waiting: z.int().optional(),
});

/**
 * The query of `POST /internal/timelines/{id}/quiet`: the party whose command waits. The commands of several parties execute in
 * fair turns.
 */
export const caughtUpQuery = z.strictObject({ party: partyId.default("operator") });

/**
 * The response of `POST /internal/timelines/{id}/quiet`, after the timeline has caught up. The caller's command executes at
 * `mark`.
 */
export const caughtUpResponse = z.object({ mark: instant });

export type CreateTimelineRequest = z.output<typeof createTimelineRequest>;
export type PresentedTimeline = z.infer<typeof presentedTimeline>;
export type TimelineReport = z.infer<typeof timelineReport>;

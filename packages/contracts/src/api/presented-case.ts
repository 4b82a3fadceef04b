import { z } from "zod";
import {
  actor,
  assignmentId,
  canaryMark,
  caseStatus,
  channel,
  device,
  engineer,
  instant,
  lineRef,
  partyId,
  region,
  severity,
  slug,
  subject,
} from "../events/vocabulary.ts";
import { promisedFor } from "../events/case.ts";
import { linkedChange } from "../events/change.ts";
import { missingSkill } from "../events/pool.ts";
import { caseExample } from "./case-example.ts";
import { nextDue } from "./deadline.ts";
import { openPhase } from "./handoff.ts";
import { chainHeads, resultPage } from "./parts.ts";

/** The fields about the heartbeats of a live handling. */
const heartbeatFields = {
  beatEveryMs: z.int().optional().meta({
    description:
      "The interval at which the CRM must send heartbeats, in milliseconds. Absent if the line counts handlings until their end",
  }),
  beatBy: instant.optional().meta({
    description:
      "The instant until which the minutes of the handling count without another heartbeat. Absent if the handling has ended",
  }),
};

/** A case as of `at`, in the form that the carrier and the vendors of the case read. */
export const presentedCase = z
  .object({
    id: z.string(),
    timeline: z.string(),
    carrier: partyId,
    carrierCaseId: z.string(),
    kind: z.string(),
    severity,
    title: z.string(),
    channel,
    status: caseStatus,
    waiting: z.object({ on: z.string().optional(), note: z.string().optional() }).optional(),
    fixCode: z.string().optional(),
    proposedSeverity: z
      .object({ to: severity, by: partyId, reason: z.string().optional() })
      .optional()
      .meta({ description: "The lower severity that the vendor proposes, until the carrier accepts or declines it" }),
    line: lineRef,
    lineReason: z.string().meta({ description: "The reason why the case is under this line" }),
    device: device.optional(),
    region: region.optional(),
    symptom: z.string().optional(),
    needBy: instant.optional(),
    subject: subject.optional(),
    feasibility: z
      .object({
        verdict: z.enum(["green", "amber", "red"]),
        latestSafeCrossing: instant,
        spare: z
          .string()
          .meta({ description: "ISO 8601 duration until `latestSafeCrossing`; negative if that instant has passed" }),
      })
      .optional()
      .meta({ description: "The feasibility at the time when the need-by was given, by the plan of the case's line" }),
    missing: z.array(z.object({ item: z.string(), from: z.enum(["carrier", "vendor", "customer"]) })).meta({
      description: "Each missing item, and the party that must supply the item",
    }),
    completeness: z.int().meta({ description: "The share of the required items that the case has, in percent" }),
    version: z.int().meta({
      description:
        "The version increases with every change that you may read. In `asOf`, a command names the version that the person read",
    }),
    openedAt: instant,
    lastEventAt: instant,
    endedAt: instant.optional(),
    at: instant.meta({ description: "The now of the case's timeline when intake made the response" }),
    holder: partyId.meta({ description: "The company that must act on the case now" }),
    accountable: partyId.meta({
      description: "The company that answers to the customer, even while another company works on the case",
    }),
    timesByHolder: z.record(z.string(), z.int()).meta({
      description:
        "The time for which each party has held the case until `at`, in milliseconds. The sum of all times is the age of the case",
    }),
    durationsByHolder: z.record(z.string(), z.string()).meta({ description: "`timesByHolder` as ISO 8601 durations" }),
    inquiry: z
      .object({
        attempts: z.int().meta({ description: "The number of contacts of the person who inquires, with the first" }),
        lastAttemptAt: instant,
        owner: z
          .object({ party: partyId, person: z.string().optional(), since: instant, by: z.enum(["paged", "taken"]) })
          .optional()
          .meta({
            description:
              "The person who owns the inquiry after its first response was late: the paged person, or the person who took the case",
          }),
      })
      .optional()
      .meta({ description: "Present if the kind of the case is `inquiry`" }),
    canary: canaryMark.optional().meta({ description: "Present if a canary opened the case" }),
    joint: z
      .object({
        since: instant,
        returns: z.int().meta({ description: "The number of returns until the case became joint" }),
        parties: z.array(partyId),
        persons: z
          .array(z.object({ party: partyId, engineer }))
          .meta({ description: "The person that each company has named" }),
      })
      .optional()
      .meta({ description: "Present if the case is joint. No company can return a joint case" }),
    rootCause: z.string().optional(),
    knownErrors: z
      .array(
        z.object({
          problemId: z.string(),
          workaround: z.string(),
          fixCode: z.string().optional(),
          outcome: z.enum(["worked", "failed"]).optional(),
        }),
      )
      .optional()
      .meta({ description: "The known errors that match the case. Only the carrier reads them" }),
    mergedInto: z.string().optional().meta({ description: "The target case, if this case was merged" }),
    merged: z.array(z.string()).optional().meta({ description: "The source cases that were merged into this case" }),
    follows: z
      .string()
      .optional()
      .meta({ description: "The ended case to which the first contact of this case refers" }),
    handoff: z
      .object({ id: z.string(), vendor: partyId, queue: z.string(), phase: openPhase })
      .optional()
      .meta({ description: "The open hand-off" }),
    pool: z
      .object({
        assignmentId,
        pool: slug,
        assignedAt: instant,
        missing: missingSkill
          .optional()
          .meta({ description: "The person who lacks the skill for the device, if this caused the assignment" }),
        claimedBy: z.string().optional().meta({ description: "The person who claimed the assignment last" }),
      })
      .optional()
      .meta({ description: "The open assignment to a pool. Only the carrier reads it" }),
    incident: z
      .discriminatedUnion("role", [
        z.object({
          role: z.literal("lead"),
          id: z.string(),
          since: instant,
          cases: z.int().meta({ description: "The number of cases of the incident with this case" }),
        }),
        z.object({
          role: z.literal("member"),
          id: z.string(),
          since: instant,
          leadCaseId: z.string(),
          holder: partyId.meta({ description: "The company that holds the lead case" }),
        }),
      ])
      .optional()
      .meta({ description: "The part of the case in an incident. Only the carrier reads it" }),
    crossingRequested: z
      .boolean()
      .meta({ description: "True if a crossing was requested and the case is not offered yet" }),
    nextDue: nextDue.optional().meta({
      description:
        "The next deadline of the case. Lists always include this deadline; the response for a single case includes the deadline only with `include=nextDue`. Absent if no clock runs, if your role has ended, or if the timer cannot be reached or has not read the case yet",
    }),
    lastResortCalls: z
      .int()
      .meta({ description: "The number of calls of the last resort; 0 after a person has taken the case" }),
    crossedTo: z.array(partyId),
    linkedChanges: z
      .array(linkedChange)
      .optional()
      .meta({ description: "The changes that may be the cause of the case" }),
    promises: z.array(
      z.object({
        id: z.string(),
        promisor: partyId,
        text: z.string(),
        from: instant.optional(),
        until: instant.meta({ description: "The last instant at which a delivery is in time" }),
        for: promisedFor.optional(),
        state: z.enum(["open", "kept", "late", "withdrawn"]),
        deliveredAt: instant.optional(),
        margin: z.string().optional().meta({
          description:
            "ISO 8601 duration from the delivery to the case's need-by; negative if the delivery was after the need-by",
        }),
      }),
    ),
    liveHandlings: z.array(
      z.object({
        id: z.string(),
        party: partyId,
        channel,
        startedAt: instant,
        lastBeatAt: instant.meta({ description: "The last heartbeat, or the start if no heartbeat followed" }),
        silentSince: instant.optional().meta({ description: "Present while the minutes of the handling do not count" }),
        ...heartbeatFields,
      }),
    ),
    dossier: chainHeads,
    gap: z.literal(true).optional().meta({
      description:
        "Intake may have lost records of other services about this case. Status, holder and hand-off can be out of date",
    }),
    counts: z
      .object({ contacts: z.int(), entries: z.int(), liveHandlings: z.int() })
      .meta({ description: "Only entries that you may read are counted" }),
    links: z.object({
      self: z.string(),
      contacts: z.string(),
      handlings: z.string(),
      entries: z.string(),
      messages: z.string(),
      clocks: z.string(),
      handoffs: z.string(),
    }),
  })
  .meta({ id: "Case", examples: [caseExample] });

export const caseResultPage = resultPage(presentedCase).meta({ id: "CasePage" });

const entryOrContactId = z.string().meta({ examples: ["en_01jnrf8k1m3n5p7r9s1t3v5w7x"] });
const handlingId = z.string().meta({ examples: ["hd_01jnrf4v2m3n5p7r9s1t3v5w7x"] });

/** The fields of every contact and entry. */
export const authoredFields = {
  number: z.int(),
  id: entryOrContactId,
  at: instant,
  author: actor,
  subject: subject.optional(),
};

const presentedHandling = z
  .object({
    id: handlingId,
    party: partyId,
    person: z.string().optional(),
    channel,
    startedAt: instant,
    lastBeatAt: instant,
    endedAt: instant.optional(),
  })
  .meta({ id: "Handling" });
export const handlingResultPage = resultPage(presentedHandling).meta({ id: "HandlingPage" });

/** The fields of every response to a command, which describe the case after the command. */
export const commandResponseFields = {
  caseId: z.string().meta({ examples: [caseExample.id] }),
  version: z.int(),
  status: caseStatus,
  at: instant,
};

export const promiseResponse = z
  .object({ ...commandResponseFields, id: z.string().meta({ examples: ["pr_01jnrfb6e8g0j2k4m6n8p0r2s4"] }) })
  .meta({ id: "PromiseChanged" });
export const handlingResponse = z
  .object({ ...commandResponseFields, id: handlingId, ...heartbeatFields })
  .meta({ id: "HandlingChanged" });
export const crossResponse = z
  .object({
    ...commandResponseFields,
    outcome: z.enum(["requested", "already-requested"]).meta({
      description: "`already-requested`: a crossing was already requested or offered, and this request changed nothing",
    }),
  })
  .meta({ id: "CrossingAnswered" });

export type PresentedCase = z.infer<typeof presentedCase>;
export type PresentedHandling = z.infer<typeof presentedHandling>;

import { z } from "zod";
import { promisedFor } from "../events/case.ts";
import { actor, caseId, instant, partyId, queueName, severity, slug, timelineId } from "../events/vocabulary.ts";
import { cursor, identifier, label, resultPageLimit, sentInstant } from "./parts.ts";

export const asOf = z
  .union([
    z.strictObject({ state: z.literal("rebuilding") }),
    z.strictObject({ state: z.literal("current"), readUntil: instant }),
  ])
  .meta({
    description:
      "`readUntil` is the instant until which the console has read the events. `rebuilding`: some facts are missing",
  });

/** One fact of a case as a company may read it. */
const journalItem = z
  .object({
    number: z
      .int()
      .min(1)
      .meta({ description: "The place of the fact among the facts that the caller may read, from 1" }),
    id: z.string().meta({ description: "The id of the event, as webhooks and Kafka records have it" }),
    at: instant,
    topic: z.enum(["case", "handoff", "clock"]),
    sequence: z.int(),
    type: z.string(),
    actor: actor.optional(),
    text: z.string().meta({ description: "The fact as a sentence" }),
    data: z.looseObject({}),
  })
  .meta({ id: "JournalItem" });

export const journalQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ description: "The `number` of the last fact that the caller has read" }),
  limit: resultPageLimit,
});

export const journalPage = z
  .object({ caseId, items: z.array(journalItem), next: z.int().optional(), asOf })
  .meta({ id: "Journal" });

const clockCause = z.object({ type: z.string(), topic: z.enum(["case", "handoff", "clock"]), sequence: z.int() });

const clockLife = z
  .object({
    clock: z.string(),
    kind: z.string(),
    incarnation: z.string(),
    state: z.enum(["running", "waiting", "breached", "ended"]),
    charged: z.string(),
    startedAt: instant,
    startedBy: clockCause,
    endedAt: instant.optional(),
    endedBy: clockCause.optional(),
    targetMs: z.int(),
    countedMs: z.int(),
    remainingMs: z.int(),
    counted: z.array(z.object({ from: instant, to: instant, countedMs: z.int() })),
    rested: z.array(z.object({ from: instant, to: instant.optional(), openMs: z.int() })),
    thresholds: z.array(z.object({ percent: z.int(), dueAt: instant.optional(), firedAt: instant.optional() })),
    calendar: z.object({ name: z.string(), version: z.int() }),
    provisional: z.boolean().meta({
      description: "True if no clock event has confirmed the order of the records that decided the start or the end",
    }),
  })
  .meta({ id: "ClockLife" });

export const clockHistoryQuery = z.strictObject({
  at: sentInstant
    .optional()
    .meta({ description: "The instant for which the clocks are recomputed. The default is now" }),
});

export const clockHistoryResponse = z
  .object({
    caseId,
    at: instant,
    holder: z.string(),
    status: z.string(),
    severity,
    clocks: z.array(clockLife).meta({ description: "Every clock that the case has had, in the order of the starts" }),
    asOf,
  })
  .meta({ id: "ClockHistory" });

const boardPhase = z.enum(["at-carrier", "offered", "claimed", "question", "accepted", "resolved"]);

const boardDue = z.object({ clock: z.string(), at: instant, charged: z.string() });

const boardRow = z
  .object({
    id: caseId,
    number: z.string().meta({ description: "The carrier's own number of the case" }),
    title: z.string().optional(),
    carrier: z.string(),
    kind: z.string(),
    severity,
    status: z.string(),
    phase: z.enum([...boardPhase.options, "ended"]),
    line: z.string(),
    holder: z.string(),
    openedAt: instant,
    model: z.string().optional(),
    symptom: z.string().optional(),
    person: z.string().optional().meta({ description: "The caller's own person who works on the case" }),
    live: z.object({ party: z.string(), channel: z.string(), since: instant }).optional(),
    handoff: z.string().optional(),
    queue: z.string().optional(),
    offeredAt: instant.optional(),
    leaseUntil: instant.optional(),
    due: boardDue.optional().meta({ description: "The next breach of the case" }),
    ownDue: boardDue.optional().meta({ description: "The next breach that is charged to the caller" }),
    breached: boardDue.optional().meta({ description: "The oldest breach of the case that no act has met since" }),
    pool: z.string().optional(),
    resort: z.object({ call: z.int(), nextAt: instant }).optional(),
    read: z
      .object({ case: z.int(), handoff: z.int(), clock: z.int() })
      .meta({ description: "The sequences of the last records that the row includes" }),
    position: z.int().meta({ description: "The position of the last change of this row among the caller's rows" }),
  })
  .meta({ id: "BoardRow" });

const scope = z.enum(["cases", "handoffs"]).default("cases");

const split = (text: string): string[] => text.split(",");

const boardFilters = {
  scope: scope.meta({ description: "`handoffs`: only cases with an open hand-off" }),
  timeline: timelineId.default("wall"),
  queue: queueName.optional(),
  holder: slug.optional(),
  carrier: slug.optional().meta({ description: "Only cases of this carrier, for a vendor" }),
  phase: z.string().transform(split).pipe(z.array(boardPhase).max(20)).optional(),
  severity: z.string().transform(split).pipe(z.array(severity).max(20)).optional(),
  person: identifier(64).optional(),
  model: label(100).optional(),
  line: slug.optional(),
  dueBefore: sentInstant.optional(),
  resort: z.enum(["true"]).optional().meta({ description: "Only cases for which the last resort rings now" }),
  breached: z.enum(["true"]).optional().meta({ description: "Only cases with a breach that no act has met since" }),
};

export const boardQuery = z.strictObject({
  ...boardFilters,
  sort: z.enum(["due", "ownDue", "opened"]).default("due"),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const counts = z.record(z.string(), z.int());

export const boardPage = z
  .object({
    items: z.array(boardRow),
    next: z.string().optional(),
    total: z.int().meta({ description: "The number of rows that pass the filters" }),
    counts: z
      .object({ phase: counts, severity: counts, holder: counts })
      .meta({ description: "The number of the rows that pass the filters, by each value" }),
    position: z
      .int()
      .meta({ description: "The position of the caller's last row change, at which a stream can begin" }),
    at: instant.optional().meta({
      description: "The now of the timeline. Absent if the caller has no case on a stepped timeline",
    }),
    asOf,
  })
  .meta({ id: "Board" });

export const searchQuery = z.strictObject({
  q: z.string().trim().min(2).max(200).meta({
    description:
      "A number of a company, a person's id, an identity of the customer or the device, or words of the title",
  }),
  timeline: timelineId.default("wall"),
});

export const searchResult = z.object({ items: z.array(boardRow), asOf }).meta({ id: "SearchResult" });

export const streamQuery = z.strictObject({
  scope,
  timeline: timelineId.default("wall"),
  after: z.coerce.number().int().min(0).optional().meta({
    description:
      "The position at which the stream begins. The header `Last-Event-ID` has precedence. The default is now",
  }),
});

export const streamText = z.string().meta({
  description:
    "Server-sent events (WHATWG HTML, 9.2). `row` has a `BoardRow`, `gone` has the id of a case, and `heartbeat` has an instant",
  examples: ['id: 8\nevent: gone\ndata: {"id":"cs_01jnrf4v2k8q6t0w3y5b7d9e1g"}\n\n'],
});

/** `GET /v1/promises`. */
const promiseState = z.enum(["open", "broken", "kept", "late", "withdrawn"]);

export const promiseListQuery = z.strictObject({
  timeline: timelineId.default("wall"),
  state: z
    .string()
    .transform(split)
    .pipe(z.array(promiseState).max(20))
    .optional()
    .meta({ description: "One state, or several states with commas" }),
  by: partyId.optional().meta({ description: "The company that made the promise" }),
  dueBefore: sentInstant.optional().meta({ description: "Only promises whose windows end before this instant" }),
  cursor: cursor.optional(),
  limit: resultPageLimit,
});

const listedPromise = z
  .object({
    id: z.string(),
    caseId,
    number: z.string().meta({ description: "The carrier's own number of the case" }),
    promisor: partyId,
    state: promiseState.meta({
      description:
        "`broken`: the window ended without a delivery, which is still possible. `late`: the delivery was after the window",
    }),
    text: z.string().optional().meta({ description: "Absent after an erasure" }),
    from: instant.optional(),
    until: instant.meta({ description: "The end of the window" }),
    for: promisedFor.optional(),
    madeAt: instant,
    endedAt: instant.optional().meta({ description: "The instant of the delivery or of the withdrawal" }),
  })
  .meta({ id: "ListedPromise" });

export const promisePage = z
  .object({ items: z.array(listedPromise), next: z.string().optional(), asOf })
  .meta({ id: "PromisePage", description: "The open promises first, in the order of the ends of their windows" });

/** `PUT /v1/views/{name}`. */
export const saveViewRequest = z
  .strictObject({
    query: boardQuery
      .omit({ timeline: true, cursor: true, limit: true })
      .meta({ description: "The scope, the filters and the order of `GET /v1/board`" }),
  })
  .meta({ id: "SaveView", examples: [{ query: { scope: "handoffs", severity: "critical,major", sort: "due" } }] });

export const viewParams = z.strictObject({ name: label(80) });

export const savedView = z
  .object({
    name: z.string(),
    query: z.record(z.string(), z.string()).meta({ description: "The parameters of the query of `GET /v1/board`" }),
    savedAt: instant,
  })
  .meta({ id: "SavedView" });

export const savedViewList = z.object({ items: z.array(savedView) }).meta({ id: "SavedViewList" });

export type BoardQuery = z.output<typeof boardQuery>;
export type PromiseListQuery = z.output<typeof promiseListQuery>;
export type PromisePage = z.input<typeof promisePage>;
export type SaveViewRequest = z.output<typeof saveViewRequest>;
export type SavedView = z.input<typeof savedView>;
export type JournalPage = z.input<typeof journalPage>;
export type ClockHistoryResponse = z.input<typeof clockHistoryResponse>;
export type BoardPage = z.input<typeof boardPage>;
export type PresentedRow = z.input<typeof boardRow>;

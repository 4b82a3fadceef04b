import {
  caseId,
  caseStatus,
  clockKind,
  formatInstant,
  type Instant,
  instant,
  parseInstant,
  partyId,
  type Refusal,
  refusal,
  sentInstant,
  wall,
} from "@crossline/contracts";
import { explain, sequenceWithout, startWithout } from "@crossline/domain";
import { type Database, now } from "@crossline/postgres";
import {
  type Caller,
  type Http,
  type KeyLookup,
  waitInTurn,
  authenticated,
  callerOf,
  isNewId,
  send,
  setTimelineHeader,
  isRefusal,
} from "@crossline/service";
import { z } from "zod";
import type { Lines } from "../store/lines.ts";
import { type VisibleCase, findVisibleCase } from "../store/visible-case.ts";
import type { CaseWaiters } from "./case-waiters.ts";

export type ClockRouteDeps = {
  readonly database: Database;
  readonly lines: Lines;
  readonly waiters: CaseWaiters;
  readonly authenticate: KeyLookup;
};

const clock = z.object({
  clock: z.string().meta({ examples: ["stall.busy"] }),
  kind: clockKind,
  incarnation: z.string().meta({
    description: "The event, offer, page or promise that started this run of the clock",
    examples: ["case/1"],
  }),
  state: z.enum(["running", "waiting", "breached", "ended"]),
  charged: partyId.meta({ description: "The party that must act before the clock breaches" }),
  startedAt: instant,
  endedAt: instant.optional(),
  targetMs: z.int(),
  countedMs: z.int(),
  remainingMs: z.int(),
  counted: z
    .array(z.object({ from: instant, to: instant, countedMs: z.int() }))
    .meta({ description: "The intervals in which the clock counted. Each interval contains only open hours" }),
  rested: z.array(z.object({ from: instant, to: instant.optional(), openMs: z.int() })).meta({
    description:
      "The intervals in which the clock was paused, and the open time in each. An interval without `to` has not ended",
  }),
  thresholds: z.array(z.object({ percent: z.int(), dueAt: instant.optional(), firedAt: instant.optional() })),
  calendar: z.object({ name: z.string().meta({ examples: ["24x7"] }), version: z.int() }),
});

const caseClocks = z
  .object({
    caseId,
    at: instant,
    holder: partyId,
    status: caseStatus,
    asOf: z.int().meta({
      description:
        "The number of events of the case on which this result is based. Only events that the caller may read are counted",
    }),
    timeZones: z.string().meta({
      description: "The version of the time zone database that calendars use",
      examples: ["2026a"],
    }),
    gap: z.literal(true).optional().meta({
      description:
        "The timer may have lost events of this case. `clocks` can then contain a clock that has ended, and omit a clock that has started",
    }),
    clocks: z.array(clock).meta({ description: "The open clocks, then the ended clocks that fired" }),
  })
  .meta({ id: "CaseClocks" });

/** The longest wait for a case that a carrier has just opened. */
const waitMaxMs = 2_000;
const pollMs = 150;
const waitingMax = 500;

/** Registers `GET /v1/cases/:id/clocks`, which returns the explanation of every clock of a case. */
export function serveClocks(http: Http, deps: ClockRouteDeps): void {
  http.get(
    "/v1/cases/:id/clocks",
    {
      onRequest: authenticated(deps.authenticate),
      schema: {
        operationId: "explainClocks",
        summary: "Explain the clocks of a case",
        tags: ["clocks"],
        params: z.object({ id: caseId }),
        querystring: z.strictObject({
          at: sentInstant.optional().meta({
            description:
              "The instant for which the clocks are explained. The default is now. `at` must not be before the last event of the case, or after the end of the caller's part",
          }),
        }),
        response: { 200: caseClocks },
      },
    },
    async (request, reply) => {
      const { at } = request.query;
      const visible = await awaitCase(deps, request.params.id, callerOf(request));
      if (visible === undefined) return send(reply, 200, refusal("not_found", "No case has this id."));
      if (isRefusal(visible)) return send(reply, 200, visible);
      setTimelineHeader(reply, visible.state.timeline);
      return send(reply, 200, await readClocks(deps, visible, at));
    },
  );
}

async function readClocks(
  deps: ClockRouteDeps,
  visible: VisibleCase,
  requested: string | undefined,
): Promise<z.input<typeof caseClocks> | Refusal> {
  const at = await instantOf(deps.database, visible, requested);
  if (isRefusal(at)) return at;
  const { state, hidden } = visible;
  const clocks = explain(state, deps.lines.get(state.line), at).map((explained) => ({
    ...explained,
    incarnation: startWithout(hidden, explained.incarnation),
  }));
  const { holder, status, read } = state;
  const timeZones = process.versions["tz"] ?? "unknown";
  const header = {
    caseId: state.caseId,
    at: formatInstant(at),
    holder,
    status,
    asOf: sequenceWithout(hidden, read.case + 1) - 1,
  };
  const explanation = { ...header, timeZones, clocks: clocks as z.input<typeof clock>[] };
  return visible.gap ? { ...explanation, gap: true } : explanation;
}

/**
 * Returns the case, and waits up to 2 s for a new case. The wait is the same for an absent case and for a case that the caller may
 * not read. The wait therefore does not reveal whether a case exists. For an older case that a later offer gives to a vendor, intake
 * waits instead of the timer.
 */
async function awaitCase(
  { database, lines, waiters }: ClockRouteDeps,
  id: string,
  caller: Caller,
): Promise<VisibleCase | Refusal | undefined> {
  const visible = await findVisibleCase(database, lines, id, caller);
  if (visible !== undefined || !isNewId(id)) return visible;
  if (waiters.count() >= waitingMax) return refusal("overloaded", "Too many requests wait for new cases.");
  return waitInTurn(caller.party, async () => {
    for (const deadline = performance.now() + waitMaxMs; ;) {
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      await waiters.wait(id, Math.min(pollMs, left));
      const later = await findVisibleCase(database, lines, id, caller);
      if (later !== undefined) return later;
    }
  });
}

/**
 * Returns the requested instant, or the end of the reader's part, or now on the timeline of the case. Returns a refusal if the
 * requested instant is before the last event or after the end of the reader's part.
 */
async function instantOf(
  database: Database,
  { state, lastEventAt, mark, endedAt }: VisibleCase,
  requested: string | undefined,
): Promise<Instant | Refusal> {
  if (requested !== undefined) {
    const at = parseInstant(requested);
    const isEarly = at < lastEventAt;
    if (!isEarly && (endedAt === undefined || at <= endedAt)) return at;
    const message = isEarly
      ? `must not be before the last event of the case, ${formatInstant(lastEventAt)}`
      : `must not be after the end of your part in the case, ${formatInstant(endedAt ?? at)}`;
    return refusal("invalid_request", `The query is not valid: at ${message}.`, { fields: [{ at: "at", message }] });
  }
  if (endedAt !== undefined) return endedAt;
  const currentInstant = state.timeline === wall ? await now(database) : (mark ?? lastEventAt);
  return Math.max(currentInstant, lastEventAt);
}

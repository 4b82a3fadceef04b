import { presentPosition, readPosition } from "@crossline/chassis";
import {
  type ClockHistoryResponse,
  type EventData,
  type Instant,
  type Refusal,
  clockHistoryQuery,
  clockHistoryResponse,
  formatInstant,
  parseInstant,
  refusal,
  topicNoun,
  wall,
} from "@crossline/contracts";
import { type ClockFact, type ClockHistory, clockHistory, sequenceWithout, startWithout } from "@crossline/domain";
import { type Database, now } from "@crossline/postgres";
import { findMark } from "@crossline/projection";
import { type Http, authenticated, callerOf, isRefusal, send, setTimelineHeader } from "@crossline/service";
import { z } from "zod";
import { type CaseFacts, findCaseFacts } from "./case-facts.ts";
import type { RouteDeps } from "./deps.ts";

/** Registers `GET /v1/cases/:id/clock-history`, which recomputes every clock that a case ever had, at any instant. */
export function serveClockHistory(http: Http, deps: RouteDeps): void {
  const { database, authenticate, partitions } = deps;
  http.get(
    "/v1/cases/:id/clock-history",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "readClockHistory",
        summary: "Read every clock that a case has had, recomputed for an instant",
        tags: ["console"],
        refuses: ["not_found"],
        params: z.object({ id: z.string() }),
        querystring: clockHistoryQuery,
        response: { 200: clockHistoryResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const facts = await findCaseFacts(database, id, callerOf(request));
      if (isRefusal(facts)) return send(reply, 200, facts);
      setTimelineHeader(reply, facts.all[0]?.timeline ?? "");
      const at = await instantOf(database, facts, request.query.at);
      const history = await recompute(deps, facts, at);
      if (history === undefined) return send(reply, 200, tooEarly(facts));
      const position = await readPosition(database, partitions);
      return send(reply, 200, {
        caseId: id,
        ...present(history, facts.readable.hidden, at),
        asOf: presentPosition(position),
      });
    },
  );
}

/**
 * Returns the instant of the request. The default is now, or the end of the caller's part. A former vendor never reads the clocks at a
 * later instant.
 */
async function instantOf(
  database: Database,
  { all, readable: { facts, until } }: CaseFacts,
  requested: string | undefined,
): Promise<Instant> {
  const timeline = all[0]?.timeline ?? wall;
  const last = Math.max(...facts.map(({ time }) => time));
  const current = timeline === wall ? await now(database) : ((await findMark(database, timeline)) ?? last);
  const latest = until?.at ?? Math.max(current, last);
  return requested === undefined ? latest : Math.min(parseInstant(requested), latest);
}

async function recompute(
  { database, lines }: RouteDeps,
  { all }: CaseFacts,
  at: Instant,
): Promise<ClockHistory | undefined> {
  const named = all.flatMap(({ type, data }) =>
    type === "case.opened" || type === "case.moved" ? [(data as EventData<"case.opened" | "case.moved">).line] : [],
  );
  await lines.load(database, named);
  return clockHistory(all as unknown as readonly ClockFact[], (ref) => lines.get(ref), at);
}

function present({ state, lives }: ClockHistory, hidden: readonly number[], at: Instant) {
  const causeOf = ({ type, topic, sequence }: { type: string; topic: string; sequence: number }) => ({
    type,
    topic: topicNoun(topic) as "case",
    sequence: topicNoun(topic) === "case" ? sequenceWithout(hidden, sequence) : sequence,
  });
  const clocks = lives.map(({ startedBy, endedBy, ...life }) => ({
    ...life,
    incarnation: startWithout(hidden, life.incarnation),
    startedBy: causeOf(startedBy),
    ...(endedBy !== undefined && { endedBy: causeOf(endedBy) }),
  })) as ClockHistoryResponse["clocks"];
  const { holder, status, severity } = state;
  return { at: formatInstant(at), holder, status, severity, clocks };
}

function tooEarly({ readable }: CaseFacts): Refusal {
  const message = `must not be before the opening of the case, ${formatInstant(readable.facts[0]?.time ?? 0)}`;
  return refusal("invalid_request", `The query is not valid: at ${message}.`, { fields: [{ at: "at", message }] });
}

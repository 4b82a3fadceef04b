import {
  type OpenCaseRequest,
  type PresentedCase,
  type Refusal,
  openCaseRequest,
  presentedCase,
  readCaseQuery,
  refusal,
  timelineKind,
  wall,
} from "@crossline/contracts";
import { refuseIdentity } from "@crossline/domain";
import { type Caller, type Http, callerOf, isRefusal, originOf, send } from "@crossline/service";
import { z } from "zod";
import { startHandling } from "../commands/join-contact.ts";
import { openWithRetry } from "../commands/open-with-retry.ts";
import { presentCase } from "../responses/present-case.ts";
import { findTimeline } from "../store/timelines.ts";
import { mayUse } from "./present-timeline.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotencyOf, sendResult } from "./post-request.ts";
import { readSubject } from "./read-subject.ts";
import { caseParams, readVisible } from "./visible-case.ts";

/** The problem codes with which intake can refuse the opening of a case. */
export const openingRefusals = [
  "already_exists",
  "not_quiet",
  "timeline_broken",
  "timeline_ended",
  "unknown_line",
] as const;

const location = z.object({
  location: z
    .string()
    .meta({ description: "The address of the case", examples: ["/v1/cases/cs_01jnrf4v2k8q6t0w3y5b7d9e1g"] }),
});

/** Serves the routes that open and read a case. */
export function serveCases(http: Http, deps: RouteDeps): void {
  const { database } = deps;
  http.post(
    "/v1/cases",
    {
      schema: {
        operationId: "openCase",
        summary: "Open a case",
        refuses: ["forbidden", "not_found", ...openingRefusals],
        body: openCaseRequest,
        response: { 201: presentedCase },
        responses: { 201: { headers: location } },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const caller = callerOf(request);
      const refused = await refuseOpening(deps, caller, body);
      if (refused !== undefined) return send(reply, 201, refused);
      const key = idempotencyOf(request, body, body.timeline);
      if (isRefusal(key)) return send(reply, 201, key);
      const subject = await readSubject(database, caller, body.subject);
      if (isRefusal(subject)) return send(reply, 201, subject);
      const result = await openWithRetry(deps.writeRequest, {
        idempotency: key,
        actor: actorOf(caller, body),
        origin: originOf(request),
        command: { type: "open", body: { ...body, subject } },
        followUps: startHandling(body),
      });
      if (!isRefusal(result)) void reply.header("location", (result.body as PresentedCase).links.self);
      return sendResult(reply, result);
    },
  );
  serveReading(http, deps);
}

function serveReading(http: Http, deps: RouteDeps): void {
  const { deadlines } = deps;
  http.get(
    "/v1/cases/:id",
    {
      schema: {
        operationId: "readCase",
        summary: "Read a case",
        params: caseParams,
        querystring: readCaseQuery,
        response: { 200: presentedCase },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const found = await readVisible(deps, request.params.id, caller, reply);
      if (isRefusal(found)) return send(reply, 200, found);
      const { state, at, isEndedView, gap } = found;
      const isIncluded = request.query.include !== undefined && !isEndedView;
      const dues = isIncluded ? await deadlines.of(caller.party, [state.id]) : undefined;
      return send(reply, 200, {
        ...presentCase(state, at, caller.party),
        ...(gap && { gap }),
        nextDue: dues?.get(state.id),
      });
    },
  );
}

/** Returns a refusal if the caller may not open a case on the timeline. */
export async function refuseOpening(
  { database }: RouteDeps,
  caller: Caller,
  { timeline, subject }: Pick<OpenCaseRequest, "timeline" | "subject">,
): Promise<Refusal | undefined> {
  if (caller.kind !== "carrier") return refusal("forbidden", "Only a carrier can open cases.");
  const mistyped = refuseIdentity(subject);
  if (mistyped !== undefined) return mistyped;
  if (timeline === wall) return undefined;
  const row = await findTimeline(database, timeline);
  if (row !== undefined && mayUse(row, caller.party)) {
    if (timelineKind(timeline) === "stepped") return undefined;
    return refusal("timeline_ended", "This timeline is an import, on which only imported rows open cases.");
  }
  const fields = [{ at: "/timeline", message: "is not a timeline that you can use" }];
  return refusal("not_found", "You have no timeline with this id.", { fields });
}

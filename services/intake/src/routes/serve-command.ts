import { type ProblemCode, type Subject, caseId as caseIdForm, refusal, wall } from "@crossline/contracts";
import type { CaseState } from "@crossline/domain";
import {
  type FastifyReply,
  type FastifyRequest,
  type Http,
  callerOf,
  isRefusal,
  originOf,
  refuse,
} from "@crossline/service";
import type { z } from "zod";
import { changeResponses } from "../commands/change-responses.ts";
import type { CaseChange } from "../commands/request.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotencyOf, sendResult } from "./post-request.ts";
import { createTimelineOf } from "./timeline-of-case.ts";
import { readSubject } from "./read-subject.ts";
import { caseParams, findVisible } from "./visible-case.ts";

/** The problem codes with which intake can refuse any command on a case. */
export const actRefusals = [
  "forbidden",
  "illegal_transition",
  "limit_reached",
  "not_quiet",
  "timeline_broken",
  "timeline_ended",
] as const;

/** The route for one type of change of a case. The type of the change also determines the response. */
type ChangeRoute<Body extends z.ZodType, Type extends CaseChange["type"]> = {
  readonly path: string;
  readonly type: Type;
  readonly operationId: string;
  readonly summary: string;
  /** Problem codes of this route in addition to `actRefusals`. */
  readonly refuses?: readonly ProblemCode[];
  readonly body: Body;
  readonly params?: z.ZodType;
  readonly change: (
    body: WithoutActor<z.output<Body>>,
    params: Params,
  ) => Omit<Extract<CaseChange, { type: Type }>, "type">;
};

/** A body without the fields that name its actor. */
type WithoutActor<Body> = Body extends unknown ? Omit<Body, "person" | "automated"> : never;

/** The path parameters of all these routes. Each route has only the parameters that its path names. */
type Params = {
  readonly id: string;
  readonly handlingId: string;
  readonly promiseId: string;
  readonly messageId: string;
};

/** Registers the route for one type of change. */
export type ServeChange = ReturnType<typeof createServeChange>;

/** Creates the function that registers a route for a change. */
export function createServeChange(http: Http, deps: RouteDeps) {
  const timelineOf = createTimelineOf(deps.database);
  const untyped = http as unknown as UntypedHttp;
  return <Body extends z.ZodType, Type extends CaseChange["type"]>(route: ChangeRoute<Body, Type>): void => {
    const { path, type, operationId, summary, refuses = [], body, params = caseParams, change } = route;
    const { status, schema: responseSchema } = changeResponses[type];
    const described = { operationId, summary, refuses: [...actRefusals, ...refuses] };
    const schema = { ...described, params, body, response: { [status]: responseSchema } };
    untyped.post(`/v1/cases/:id/${path}`, { schema }, async (request, reply) => {
      const given = request.params as Params;
      const read = await readRequest(deps, timelineOf, request, given.id);
      if (isRefusal(read)) return refuse(reply, read);
      const command = {
        type: "change",
        caseId: given.id,
        change: { type, ...change(read.body as WithoutActor<z.output<Body>>, given) } as CaseChange,
      } as const;
      return sendResult(reply, await deps.writeRequest({ ...read.common, command }));
    });
  };
}

type TimelineOf = ReturnType<typeof createTimelineOf>;

/**
 * Reads the body, and the fields that every change has. Telephone numbers in the body are completed by the country code of the caller's
 * country.
 */
async function readRequest(deps: RouteDeps, timelineOf: TimelineOf, request: FastifyRequest, id: string) {
  const caller = callerOf(request);
  const body = request.body as CommonBody;
  let endedView: CaseState | undefined;
  if (caller.kind === "vendor") {
    const found = await findVisible(deps, id, caller);
    if (isRefusal(found)) return found;
    if (found.isEndedView) endedView = found.state;
  }
  const timeline = caseIdForm.safeParse(id).success ? await timelineOf(id) : undefined;
  if (timeline === undefined) return refusal("not_found", "You have no case with this id.");
  // On the wall timeline, the command itself refuses a company without case access. On a stepped timeline, a command waits until the
  // timeline is caught up, and the wait would reveal to the company that the case exists.
  if (timeline !== wall) {
    const found = await findVisible(deps, id, caller);
    if (isRefusal(found)) return found;
  }
  const idempotency = idempotencyOf(request, body, timeline);
  if (isRefusal(idempotency)) return idempotency;
  const subject = await readSubject(deps.database, caller, body.subject);
  if (isRefusal(subject)) return subject;
  const { person: _, automated: __, ...rest } = body;
  return {
    common: { idempotency, actor: actorOf(caller, body), origin: originOf(request), endedView },
    body: subject === undefined ? rest : { ...rest, subject },
  };
}

/** Fastify without the types of its schemas. The type `ChangeRoute` ensures that the schema and the change of a route match. */
type UntypedHttp = {
  post(
    url: string,
    options: { readonly schema: object },
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ): unknown;
};

/** The fields that the bodies of all changes have. */
type CommonBody = { person?: string | undefined; automated: boolean; subject?: Subject | undefined };

import { type ProblemCode, type Subject, caseId as caseIdForm, refusal, wall } from "@crossline/contracts";
import { readingOf, sightOf } from "@crossline/domain";
import { type FastifyReply, type FastifyRequest, type Http, callerOf, isRefusal } from "@crossline/service";
import type { z } from "zod";
import type { CommandItem, Done, Verdict } from "../commands/item.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotent, sendVerdict } from "./posted.ts";
import { createTimelineOf } from "./timeline-of-case.ts";
import type { SeenCase } from "./read-case.ts";
import { readSubject } from "./read-subject.ts";
import { caseParams, findVisible } from "./visible-case.ts";

/** What every act on a case can be refused with, besides what its form implies. */
export const ofActs = [
  "forbidden",
  "illegal_transition",
  "limit_reached",
  "not_quiet",
  "timeline_broken",
  "timeline_ended",
] as const;

/** A command of one schema: what is asked, what it means, and how it is answered. */
type Route<Body extends z.ZodType, Answer extends z.ZodType, Status extends 200 | 201 | 202> = {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Besides those of every act. */
  readonly refuses?: readonly ProblemCode[];
  readonly body: Body;
  readonly status: Status;
  readonly answer: Answer;
  readonly params?: z.ZodType;
  readonly command: (body: z.output<Body>, params: Params) => Command<z.input<Answer>>;
};

/** Of every path; each has those that it names. */
type Params = { readonly id: string; readonly handlingId: string; readonly promiseId: string };

type Command<Answer> = { readonly command: CommandItem["command"]; readonly answer: (done: Done) => Answer };

export type Serve = ReturnType<typeof createServe>;

/** Serves commands on a case, each as its route says. */
export function createServe(http: Http, deps: RouteDeps) {
  const { database, writeItem } = deps;
  const timelineOf = createTimelineOf(database);
  const untyped = http as unknown as UntypedHttp;

  async function write(
    request: FastifyRequest,
    id: string,
    body: Posted,
    make: (body: Posted) => Command<unknown>,
    status: number,
  ): Promise<Verdict> {
    const caller = callerOf(request);
    let seen: SeenCase | undefined;
    if (caller.kind === "vendor") {
      const found = await findVisible(deps, id, caller);
      if (isRefusal(found)) return found;
      seen = found;
    }
    const timeline = caseIdForm.safeParse(id).success ? await timelineOf(id) : undefined;
    if (timeline === undefined) return refusal("not_found", "You have no case with this id.");
    // Elsewhere than on the wall it is not the case's row that answers first: nobody is to learn of it, or wait for it.
    if (timeline !== wall) {
      const found = await findVisible(deps, id, caller);
      if (isRefusal(found)) return found;
    }
    const key = idempotent(request, body, timeline);
    if (isRefusal(key)) return key;
    const subject = await readSubject(database, caller, body.subject);
    if (isRefusal(subject)) return subject;
    const made = make(subject === undefined ? body : { ...body, subject });
    return writeItem(timeline, {
      is: "command",
      caseId: id,
      request: key,
      actor: actorOf(caller, body),
      traceparent: request.traceparent,
      command: made.command,
      answer: (done) => ({ status, body: made.answer(asSeen(done, caller.party, seen)) }),
    });
  }

  return <Body extends z.ZodType, Answer extends z.ZodType, Status extends 200 | 201 | 202>(
    route: Route<Body, Answer, Status>,
  ): void => {
    const { path, operationId, summary, refuses = [], body, status, answer, params = caseParams, command } = route;
    const described = { operationId, summary, refuses: [...ofActs, ...refuses] };
    const schema = { ...described, params, body, response: { [status]: answer } };
    untyped.post(`/v1/cases/:id/${path}`, { schema }, async (request, reply) => {
      const given = request.params as Params;
      const make = (posted: Posted) => command(posted as z.output<Body>, given);
      const verdict = await write(request, given.id, request.body as Posted, make, status);
      return sendVerdict(reply, verdict);
    });
  };
}

/** A vendor whose part has ended may still deliver its promise: it reads the same case as before. */
function asSeen(done: Done, party: string, seen: SeenCase | undefined): Done {
  const isOver = sightOf(readingOf(done.state), party) === "as-of-its-end";
  return isOver && seen?.isOver === true ? { ...done, state: seen.state } : done;
}

/** The schemas of these routes are arguments, so that only `Route` can say what fits what. */
type UntypedHttp = {
  post(
    url: string,
    options: { readonly schema: object },
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ): unknown;
};

/** What every command says beside what is its own. */
type Posted = { person?: string | undefined; automated: boolean; subject?: Subject | undefined };

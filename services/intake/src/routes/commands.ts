import {
  addContactRequest,
  addEntryRequest,
  caseId as caseIdForm,
  changeSeverityRequest,
  changeStatusRequest,
  closeRequest,
  contactAdded,
  crossRequest,
  crossingAnswered,
  deliverPromiseRequest,
  entryAdded,
  handlingChanged,
  moveRequest,
  newId,
  plainRequest,
  presentedCase,
  promiseChanged,
  promiseRequest,
  refusal,
  reopenRequest,
  startHandlingRequest,
  wall,
  withdrawPromiseRequest,
} from "@crossline/contracts";
import { type FastifyReply, type FastifyRequest, type Http, callerOf, isRefusal } from "@crossline/service";
import { z } from "zod";
import { standing } from "../commands/execute.ts";
import type { CommandItem, Done, Verdict } from "../commands/item.ts";
import { presentCase } from "./present-case.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotent, sendVerdict } from "./posted.ts";
import { createTimelineOf } from "./timeline-of-case.ts";
import { caseParams, findVisible } from "./visible-case.ts";

/** A command of one schema: what is asked, what it means, and how it is answered. */
type Route<Body extends z.ZodType, Answer extends z.ZodType, Status extends 200 | 201 | 202> = {
  readonly path: string;
  readonly summary: string;
  readonly body: Body;
  readonly status: Status;
  readonly answer: Answer;
  readonly params?: typeof caseParams | typeof handlingParams | typeof promiseParams;
  readonly command: (body: z.output<Body>, params: Params) => Command<z.input<Answer>>;
};

/** Of every path; each has those that it names. */
type Params = { readonly id: string; readonly handlingId: string; readonly promiseId: string };

type Command<Answer> = { readonly command: CommandItem["command"]; readonly answer: (done: Done) => Answer };

const handlingParams = z.object({ id: z.string(), handlingId: z.string().max(64) });
const promiseParams = z.object({ id: z.string(), promiseId: z.string().max(64) });

/** What can be done with a case. */
export function serveCommands(http: Http, deps: RouteDeps): void {
  const serve = createServe(http, deps);

  serve({
    path: "contacts",
    summary: "Record a contact with the customer",
    body: addContactRequest,
    status: 201,
    answer: contactAdded,
    command: ({ channel, direction, content, subject }) => {
      const contactId = newId("ct");
      return {
        command: { type: "contact", contactId, channel, direction, content, subject },
        answer: (done) => ({ ...standing(done), id: contactId, number: done.state.contacts }),
      };
    },
  });
  serve({
    path: "entries",
    summary: "Write something down in the dossier",
    body: addEntryRequest,
    status: 201,
    answer: entryAdded,
    command: (body) => {
      const { person: _, automated: __, ...told } = body;
      const entryId = newId("en");
      return {
        command: { type: "add-entry", entryId, ...told } as const,
        answer: (done) => ({ ...standing(done), id: entryId, number: done.state.entries, news: newsOf(done) }),
      };
    },
  });
  serve({
    path: "move",
    summary: "Let the case go on under another line, or another version of its own",
    body: moveRequest,
    status: 200,
    answer: presentedCase,
    command: ({ line, version, reason }) => ({
      command: { type: "move", line, version, reason },
      answer: ({ state, at }) => presentCase(state, at),
    }),
  });
  serve({
    path: "crossings",
    summary: "Ask for the case to cross, as of the version that was seen",
    body: crossRequest,
    status: 202,
    answer: crossingAnswered,
    command: ({ asOf, reason }) => ({
      command: { type: "cross", asOf, reason },
      answer: (done) => ({
        ...standing(done),
        outcome: done.messages.length > 0 ? ("requested" as const) : ("already-requested" as const),
      }),
    }),
  });
  serveHandlings(serve);
  serveStatus(serve);
  servePromises(serve);
}

function serveHandlings(serve: Serve): void {
  serve({
    path: "handlings",
    summary: "Begin to work live with the customer",
    body: startHandlingRequest,
    status: 201,
    answer: handlingChanged,
    command: ({ channel }) => {
      const handlingId = newId("hd");
      return {
        command: { type: "start-handling", handlingId, channel },
        answer: (done) => ({ ...standing(done), id: handlingId }),
      };
    },
  });
  for (const [path, type, summary] of [
    ["heartbeat", "beat", "The person is still there"],
    ["end", "end-handling", "End a live handling"],
  ] as const) {
    serve({
      path: `handlings/:handlingId/${path}`,
      summary,
      params: handlingParams,
      body: plainRequest,
      status: 200,
      answer: handlingChanged,
      command: (_, { handlingId }) => ({
        command: { type, handlingId },
        answer: (done) => ({ ...standing(done), id: handlingId }),
      }),
    });
  }
}

function servePromises(serve: Serve): void {
  serve({
    path: "promises",
    summary: "Promise something, with a window",
    body: promiseRequest,
    status: 201,
    answer: promiseChanged,
    command: ({ promisor, text, from, until }) => {
      const promiseId = newId("pr");
      return {
        command: { type: "promise", promiseId, promisor, text, from, until },
        answer: (done) => ({ ...standing(done), id: promiseId }),
      };
    },
  });
  const ended = { params: promiseParams, status: 200, answer: promiseChanged } as const;
  serve({
    path: "promises/:promiseId/delivered",
    summary: "There is evidence that a promise was delivered",
    body: deliverPromiseRequest,
    ...ended,
    command: ({ evidence }, { promiseId }) => ({
      command: { type: "deliver-promise", promiseId, evidence },
      answer: (done) => ({ ...standing(done), id: promiseId }),
    }),
  });
  serve({
    path: "promises/:promiseId/withdrawn",
    summary: "A promise is taken back, or declined",
    body: withdrawPromiseRequest,
    ...ended,
    command: ({ reason }, { promiseId }) => ({
      command: { type: "withdraw-promise", promiseId, reason },
      answer: (done) => ({ ...standing(done), id: promiseId }),
    }),
  });
}

function serveStatus(serve: Serve): void {
  const shown = { status: 200, answer: presentedCase } as const;
  const answer = ({ state, at }: Done) => presentCase(state, at);
  serve({
    path: "status",
    summary: "Change the status",
    body: changeStatusRequest,
    ...shown,
    command: (body) => {
      const { status: to, person: _, automated: __, ...more } = body;
      return { command: { type: "change-status", to, ...more }, answer };
    },
  });
  serve({
    path: "severity",
    summary: "Change the severity: deadlines are computed anew",
    body: changeSeverityRequest,
    ...shown,
    command: ({ severity: to, reason }) => ({ command: { type: "change-severity", to, reason }, answer }),
  });
  serve({
    path: "close",
    summary: "Close a case",
    body: closeRequest,
    ...shown,
    command: ({ note }) => ({ command: { type: "close", note }, answer }),
  });
  serve({
    path: "confirm",
    summary: "The customer confirms the cure",
    body: plainRequest,
    ...shown,
    command: () => ({ command: { type: "confirm" }, answer }),
  });
  serve({
    path: "reopen",
    summary: "Still broken",
    body: reopenRequest,
    ...shown,
    command: ({ code, reason }) => ({ command: { type: "reopen", code, reason }, answer }),
  });
}

type Serve = ReturnType<typeof createServe>;

function createServe(http: Http, { database, writeItem }: RouteDeps) {
  const timelineOf = createTimelineOf(database);
  const untyped = http as unknown as UntypedHttp;

  async function write(
    request: FastifyRequest,
    id: string,
    body: Actor,
    made: Command<unknown>,
    status: number,
  ): Promise<Verdict> {
    const caller = callerOf(request);
    if (caller.kind === "vendor") {
      const found = await findVisible(database, id, caller);
      if (isRefusal(found)) return found;
    }
    const timeline = caseIdForm.safeParse(id).success ? await timelineOf(id) : undefined;
    if (timeline === undefined) return refusal("not_found", "You have no case with this id.");
    // Elsewhere than on the wall it is not the case's row that answers first: nobody is to learn of it, or wait for it.
    if (timeline !== wall) {
      const found = await findVisible(database, id, caller);
      if (isRefusal(found)) return found;
    }
    const key = idempotent(request, body, timeline);
    if (isRefusal(key)) return key;
    return writeItem(timeline, {
      is: "command",
      caseId: id,
      request: key,
      actor: actorOf(caller, body),
      traceparent: request.traceparent,
      command: made.command,
      answer: (done) => ({ status, body: made.answer(done) }),
    });
  }

  return <Body extends z.ZodType, Answer extends z.ZodType, Status extends 200 | 201 | 202>(
    route: Route<Body, Answer, Status>,
  ): void => {
    const { path, summary, body, status, answer, params = caseParams, command } = route;
    const schema = { summary, tags: ["cases"], params, body, response: { [status]: answer } };
    untyped.post(`/v1/cases/:id/${path}`, { schema }, async (request, reply) => {
      const given = request.params as Params;
      const asked = request.body as z.output<Body>;
      const verdict = await write(request, given.id, asked as Actor, command(asked, given), status);
      return sendVerdict(reply, verdict);
    });
  };
}

/** The schemas of these routes are arguments, so that only `Route` can say what fits what. */
type UntypedHttp = {
  post(
    url: string,
    options: { readonly schema: object },
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ): unknown;
};

type Actor = { person?: string | undefined; automated: boolean };

function newsOf({ messages }: Done): boolean {
  return messages.some((message) => message.type === "entry.added" && message.data.news);
}

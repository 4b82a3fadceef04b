import {
  addContactRequest,
  addEntryRequest,
  changeSeverityRequest,
  changeStatusRequest,
  closeRequest,
  contactAdded,
  correctRequest,
  crossRequest,
  crossingAnswered,
  declineSeverityRequest,
  deliverPromiseRequest,
  entryAdded,
  moveRequest,
  newId,
  plainRequest,
  presentedCase,
  promiseChanged,
  promiseRequest,
  reopenRequest,
  withdrawPromiseRequest,
} from "@crossline/contracts";
import type { Http } from "@crossline/service";
import { z } from "zod";
import { standing } from "../commands/execute.ts";
import type { Done } from "../commands/item.ts";
import type { RouteDeps } from "./deps.ts";
import { serveHandlings } from "./handlings.ts";
import { presentCase } from "../answers/present-case.ts";
import { type Serve, createServe } from "./serve-command.ts";

const promiseParams = z.object({ id: z.string(), promiseId: z.string().max(64) });

/** What can be done with a case. */
export function serveCommands(http: Http, deps: RouteDeps): void {
  const serve = createServe(http, deps);

  serve({
    path: "contacts",
    operationId: "addContact",
    summary: "Record a contact with the customer; on a resolved case it may confirm the cure, or reopen",
    body: addContactRequest,
    status: 201,
    answer: contactAdded,
    command: ({ channel, direction, content, subject }) => {
      const contactId = newId("ct");
      return {
        command: { type: "contact", contactId, handlingId: newId("hd"), channel, direction, content, subject },
        answer: (done) => ({ ...standing(done), id: contactId, number: done.state.contacts }),
      };
    },
  });
  serve({
    path: "entries",
    operationId: "addEntry",
    refuses: ["step_already_tried"],
    summary: "Write something down in the dossier",
    body: addEntryRequest,
    status: 201,
    answer: entryAdded,
    command: (body) => {
      const { person: _, automated: __, ...told } = body;
      const entryId = newId("en");
      return {
        command: { type: "add-entry", entryId, ...told } as const,
        answer: (done) => ({ ...standing(done), id: entryId, ...addedBy(done) }),
      };
    },
  });
  serve({
    path: "crossings",
    operationId: "requestCrossing",
    refuses: ["stale_version"],
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
  serveChanges(serve);
  serveHandlings(serve);
  serveStatus(serve);
  servePromises(serve);
}

/** What the case says of itself, and the line that it is under. */
function serveChanges(serve: Serve): void {
  serve({
    path: "move",
    operationId: "moveCase",
    refuses: ["unknown_line"],
    summary: "Let the case go on under another line, or another version of its own",
    body: moveRequest,
    status: 200,
    answer: presentedCase,
    command: ({ line, version, reason }) => ({
      command: { type: "move", line, version, reason },
      answer: ({ state, at, party }) => presentCase(state, at, party),
    }),
  });
  serve({
    path: "corrections",
    operationId: "correctCase",
    summary: "Correct what the case says of itself; its line stays",
    body: correctRequest,
    status: 200,
    answer: presentedCase,
    command: (body) => {
      const { person: _, automated: __, ...corrected } = body;
      return {
        command: { type: "correct", entryId: newId("en"), ...corrected } as const,
        answer: ({ state, at, party }) => presentCase(state, at, party),
      };
    },
  });
}

function servePromises(serve: Serve): void {
  serve({
    path: "promises",
    operationId: "makePromise",
    summary: "Promise something, with a window",
    body: promiseRequest,
    status: 201,
    answer: promiseChanged,
    command: (body) => {
      const { person: _, automated: __, ...promised } = body;
      const promiseId = newId("pr");
      return {
        command: { type: "promise", promiseId, ...promised } as const,
        answer: (done) => ({ ...standing(done), id: promiseId }),
      };
    },
  });
  const ended = { params: promiseParams, status: 200, answer: promiseChanged } as const;
  serve({
    path: "promises/:promiseId/delivered",
    operationId: "deliverPromise",
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
    operationId: "withdrawPromise",
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
  const answer = ({ state, at, party }: Done) => presentCase(state, at, party);
  serve({
    path: "status",
    operationId: "changeStatus",
    refuses: ["root_cause_needed"],
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
    operationId: "changeSeverity",
    summary: "Change the severity: deadlines follow. A lower one by the vendor that holds the case is a proposal",
    body: changeSeverityRequest,
    ...shown,
    command: ({ severity: to, reason }) => ({
      command: { type: "change-severity", to, reason, entryId: newId("en") },
      answer,
    }),
  });
  serve({
    path: "severity/decline",
    operationId: "declineSeverity",
    summary: "Decline the lower severity that the vendor proposes",
    body: declineSeverityRequest,
    ...shown,
    command: ({ reason }) => ({ command: { type: "decline-severity", reason, entryId: newId("en") }, answer }),
  });
  serve({
    path: "close",
    operationId: "closeCase",
    summary: "Close a case",
    refuses: ["root_cause_needed"],
    body: closeRequest,
    ...shown,
    command: ({ note }) => ({ command: { type: "close", note }, answer }),
  });
  serve({
    path: "confirm",
    operationId: "confirmCure",
    summary: "The customer confirms the cure",
    body: plainRequest,
    ...shown,
    command: () => ({ command: { type: "confirm" }, answer }),
  });
  serve({
    path: "reopen",
    operationId: "reopenCase",
    summary: "Still broken",
    body: reopenRequest,
    ...shown,
    command: ({ code, reason }) => ({ command: { type: "reopen", code, reason }, answer }),
  });
}

function addedBy({ state, messages }: Done): { readonly number: number; readonly news: boolean } {
  const added = messages.find((message) => message.type === "entry.added");
  return { number: added?.data.number ?? state.entries, news: added?.data.news ?? false };
}

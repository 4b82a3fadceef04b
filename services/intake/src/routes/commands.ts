import {
  addContactRequest,
  addEntryRequest,
  changeSeverityRequest,
  changeStatusRequest,
  closeRequest,
  correctRequest,
  crossRequest,
  declineSeverityRequest,
  deliverPromiseRequest,
  moveRequest,
  newId,
  plainRequest,
  promiseRequest,
  reopenRequest,
  withdrawPromiseRequest,
} from "@crossline/contracts";
import type { Http } from "@crossline/service";
import { z } from "zod";
import type { RouteDeps } from "./deps.ts";
import { serveHandlings } from "./handlings.ts";
import { type ServeChange, createServeChange } from "./serve-command.ts";

const promiseParams = z.object({ id: z.string(), promiseId: z.string().max(64) });

/** The changes of a case. */
export function serveCommands(http: Http, deps: RouteDeps): void {
  const serve = createServeChange(http, deps);
  serve({
    path: "contacts",
    type: "contact",
    operationId: "addContact",
    summary: "Record a contact with the customer; on a resolved case it may confirm the cure, or reopen",
    body: addContactRequest,
    change: ({ channel, direction, content, subject }) => ({
      contactId: newId("ct"),
      handlingId: newId("hd"),
      channel,
      direction,
      content,
      subject,
    }),
  });
  serve({
    path: "entries",
    type: "add-entry",
    operationId: "addEntry",
    refuses: ["step_already_tried"],
    summary: "Write something down in the dossier",
    body: addEntryRequest,
    change: (entry) => ({ entryId: newId("en"), ...entry }),
  });
  serve({
    path: "crossings",
    type: "cross",
    operationId: "requestCrossing",
    refuses: ["stale_version"],
    summary: "Ask for the case to cross, as of the version that was seen",
    body: crossRequest,
    change: ({ asOf, reason }) => ({ asOf, reason }),
  });
  serve({
    path: "move",
    type: "move",
    operationId: "moveCase",
    refuses: ["unknown_line"],
    summary: "Let the case go on under another line, or another version of its own",
    body: moveRequest,
    change: ({ line, version, reason }) => ({ line, version, reason }),
  });
  serve({
    path: "corrections",
    type: "correct",
    operationId: "correctCase",
    summary: "Correct what the case says of itself; its line stays",
    body: correctRequest,
    change: (corrections) => ({ entryId: newId("en"), ...corrections }),
  });
  serveHandlings(serve);
  serveStatus(serve);
  serveEnding(serve);
  servePromises(serve);
}

function servePromises(serve: ServeChange): void {
  serve({
    path: "promises",
    type: "promise",
    operationId: "makePromise",
    summary: "Promise something, with a window",
    body: promiseRequest,
    change: (promise) => ({ promiseId: newId("pr"), ...promise }),
  });
  serve({
    path: "promises/:promiseId/delivered",
    type: "deliver-promise",
    operationId: "deliverPromise",
    summary: "There is evidence that a promise was delivered",
    body: deliverPromiseRequest,
    params: promiseParams,
    change: ({ evidence }, { promiseId }) => ({ promiseId, evidence }),
  });
  serve({
    path: "promises/:promiseId/withdrawn",
    type: "withdraw-promise",
    operationId: "withdrawPromise",
    summary: "A promise is taken back, or declined",
    body: withdrawPromiseRequest,
    params: promiseParams,
    change: ({ reason }, { promiseId }) => ({ promiseId, reason }),
  });
}

function serveStatus(serve: ServeChange): void {
  serve({
    path: "status",
    type: "change-status",
    operationId: "changeStatus",
    refuses: ["root_cause_needed"],
    summary: "Change the status",
    body: changeStatusRequest,
    change: ({ status: to, ...more }) => ({ to, ...more }),
  });
  serve({
    path: "severity",
    type: "change-severity",
    operationId: "changeSeverity",
    summary: "Change the severity: deadlines follow. A lower one by the vendor that holds the case is a proposal",
    body: changeSeverityRequest,
    change: ({ severity: to, reason }) => ({ to, reason, entryId: newId("en") }),
  });
  serve({
    path: "severity/decline",
    type: "decline-severity",
    operationId: "declineSeverity",
    summary: "Decline the lower severity that the vendor proposes",
    body: declineSeverityRequest,
    change: ({ reason }) => ({ reason, entryId: newId("en") }),
  });
}

function serveEnding(serve: ServeChange): void {
  serve({
    path: "close",
    type: "close",
    operationId: "closeCase",
    summary: "Close a case",
    refuses: ["root_cause_needed"],
    body: closeRequest,
    change: ({ note }) => ({ note }),
  });
  serve({
    path: "confirm",
    type: "confirm",
    operationId: "confirmCure",
    summary: "The customer confirms the cure",
    body: plainRequest,
    change: () => ({}),
  });
  serve({
    path: "reopen",
    type: "reopen",
    operationId: "reopenCase",
    summary: "Still broken",
    body: reopenRequest,
    change: ({ code, reason }) => ({ code, reason }),
  });
}

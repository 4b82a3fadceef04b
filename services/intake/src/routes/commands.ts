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
  linkChangeRequest,
  moveRequest,
  newId,
  plainRequest,
  promiseRequest,
  reopenRequest,
  unlinkChangeRequest,
  withdrawPromiseRequest,
} from "@crossline/contracts";
import type { Http } from "@crossline/service";
import { z } from "zod";
import type { RouteDeps } from "./deps.ts";
import { serveHandlings } from "./handlings.ts";
import { type ServeChange, createServeChange } from "./serve-command.ts";

const promiseParams = z.object({ id: z.string(), promiseId: z.string().max(64) });

/** Serves the routes that change a case. */
export function serveCommands(http: Http, deps: RouteDeps): void {
  const serve = createServeChange(http, deps);
  serve({
    path: "contacts",
    type: "contact",
    operationId: "addContact",
    summary: "Record a contact with the customer; on a resolved case it can confirm the fix or reopen the case",
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
    summary: "Add an entry to the dossier",
    body: addEntryRequest,
    change: (entry) => ({ entryId: newId("en"), ...entry }),
  });
  serve({
    path: "crossings",
    type: "cross",
    operationId: "requestCrossing",
    refuses: ["stale_version"],
    summary: "Request the crossing of the case, as of the version that you read",
    body: crossRequest,
    change: ({ asOf, reason }) => ({ asOf, reason }),
  });
  serve({
    path: "move",
    type: "move",
    operationId: "moveCase",
    refuses: ["unknown_line"],
    summary: "Move the case to another line, or to another version of its line",
    body: moveRequest,
    change: ({ line, version, reason }) => ({ line, version, reason }),
  });
  serve({
    path: "corrections",
    type: "correct",
    operationId: "correctCase",
    summary: "Correct the data of the case; the line of the case stays the same",
    body: correctRequest,
    change: (corrections) => ({ entryId: newId("en"), ...corrections }),
  });
  serveHandlings(serve);
  serveStatus(serve);
  serveChangeLinks(serve);
  serveEnding(serve);
  servePromises(serve);
}

function servePromises(serve: ServeChange): void {
  serve({
    path: "promises",
    type: "promise",
    operationId: "makePromise",
    summary: "Make a promise with a time window",
    body: promiseRequest,
    change: (promise) => ({ promiseId: newId("pr"), ...promise }),
  });
  serve({
    path: "promises/:promiseId/delivered",
    type: "deliver-promise",
    operationId: "deliverPromise",
    summary: "Record the evidence that a promise was delivered",
    body: deliverPromiseRequest,
    params: promiseParams,
    change: ({ evidence }, { promiseId }) => ({ promiseId, evidence }),
  });
  serve({
    path: "promises/:promiseId/withdrawn",
    type: "withdraw-promise",
    operationId: "withdrawPromise",
    summary: "Withdraw or decline a promise",
    body: withdrawPromiseRequest,
    params: promiseParams,
    change: ({ reason }, { promiseId }) => ({ promiseId, reason }),
  });
}

function serveChangeLinks(serve: ServeChange): void {
  serve({
    path: "link-change",
    type: "link-change",
    operationId: "linkChange",
    refuses: ["not_found"],
    summary: "Link the case to a change that may be its cause",
    body: linkChangeRequest,
    change: ({ changeId, reason }) => ({ changeId, reason }),
  });
  serve({
    path: "unlink-change",
    type: "unlink-change",
    operationId: "unlinkChange",
    refuses: ["not_found"],
    summary: "Remove the link of the case to a change",
    body: unlinkChangeRequest,
    change: ({ changeId, reason }) => ({ changeId, reason }),
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
    summary: "Change the severity, which moves the deadlines; a lower severity from the vendor is a proposal",
    body: changeSeverityRequest,
    change: ({ severity: to, reason }) => ({ to, reason, entryId: newId("en") }),
  });
  serve({
    path: "severity/decline",
    type: "decline-severity",
    operationId: "declineSeverity",
    summary: "Decline the vendor's severity proposal",
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
    summary: "Record that the customer confirms the fix",
    body: plainRequest,
    change: () => ({}),
  });
  serve({
    path: "reopen",
    type: "reopen",
    operationId: "reopenCase",
    summary: "Reopen a case whose problem is not solved",
    body: reopenRequest,
    change: ({ code, reason }) => ({ code, reason }),
  });
}

import type { Action } from "@crossline/domain";
import type { RequestIds, Request } from "./address.ts";

/* One request for each action of the table of rights. */

export const imei = "490154203237518";
const person = "p-1";
const engineer = { name: "Ada Lovett", contact: "ada@orchard.example" };
const evidence = { test: "t", result: "r", wouldChangeOurMind: "w" };
const ofCase = "/v1/cases/{id}";
const ofQueue = "/v1/queues/{queue}/handoffs";
const ofHandoff = `${ofQueue}/{id}`;

const onCase = (path: string, body: (named: RequestIds) => Record<string, unknown> = () => ({})): Request => ({
  operation: `POST ${ofCase}/${path}`,
  body: (named) => ({ person, ...body(named) }),
});
const onHandoff = (path: string, body: (named: RequestIds) => Record<string, unknown>): Request => ({
  operation: `POST ${ofHandoff}/${path}`,
  body: (named) => ({ person, ...body(named) }),
});

export const requests: Readonly<Record<Action, Request>> = {
  "list-cases": { operation: "GET /v1/cases", query: ({ timeline }) => `timeline=${timeline}` },
  "read-case": { operation: `GET ${ofCase}` },
  "read-contacts": { operation: `GET ${ofCase}/contacts` },
  "read-entries": { operation: `GET ${ofCase}/entries` },
  "read-handlings": { operation: `GET ${ofCase}/handlings` },
  "read-messages": { operation: `GET ${ofCase}/messages` },
  "export-dossier": { operation: `GET ${ofCase}/dossier` },
  "read-clocks": { operation: `GET ${ofCase}/clocks` },
  "read-clock-history": { operation: `GET ${ofCase}/clock-history` },
  "read-journal": { operation: `GET ${ofCase}/journal` },
  "find-by-search": { operation: "GET /v1/search", query: ({ timeline }) => `timeline=${timeline}&q=dead` },
  "preview-own-line": { operation: `GET ${ofCase}/clocks/preview`, query: ({ line }) => `line=${line}` },
  "preview-other-line": { operation: `GET ${ofCase}/clocks/preview`, query: () => "line=spare" },
  "read-handoffs": { operation: `GET ${ofCase}/handoffs` },
  "read-queue": { operation: `GET ${ofQueue}`, query: ({ timeline }) => `timeline=${timeline}` },
  "read-queued-handoff": { operation: `GET ${ofHandoff}` },
  "hear-by-webhook": { operation: "GET /v1/deliveries", query: ({ caseId }) => `case=${caseId}` },

  open: {
    operation: "POST /v1/cases",
    body: ({ timeline }) => ({
      carrierCaseId: `NT-${crypto.randomUUID()}`,
      timeline,
      line: "spare",
      title: "Another one",
      channel: "mail",
    }),
  },
  contact: onCase("contacts", () => ({ channel: "mail", direction: "outbound", content: "answer" })),
  "contact-by-device": {
    operation: "POST /v1/contacts",
    body: ({ timeline }) => ({
      person,
      carrierCaseId: `NT-${crypto.randomUUID()}`,
      timeline,
      line: "spare",
      title: "It is dead",
      channel: "mail",
      subject: { imei },
    }),
  },
  "start-handling": onCase("handlings", () => ({ channel: "phone" })),
  beat: onCase("handlings/{handlingId}/heartbeat"),
  "end-handling": onCase("handlings/{handlingId}/end"),
  "add-entry": onCase("entries", () => ({ kind: "note", text: "a note" })),
  cross: onCase("crossings", ({ version }) => ({ asOf: version })),
  "change-status": onCase("status", () => ({ status: "held" })),
  "end-by-status": onCase("status", () => ({ status: "cancelled" })),
  "raise-severity": onCase("severity", () => ({ severity: "critical" })),
  "lower-severity": onCase("severity", () => ({ severity: "minor" })),
  "decline-severity": onCase("severity/decline", () => ({ reason: "the customer cannot work" })),
  correct: onCase("corrections", () => ({ reason: "mistyped", title: "Handheld is still dead" })),
  move: onCase("move", () => ({ line: "spare", reason: "of the walk" })),
  merge: onCase("merge", ({ otherId }) => ({ into: otherId, reason: "the same" })),
  "write-message": onCase("messages", () => ({ text: "https://help.northtel.example/1", channel: "sms" })),
  "reword-message": onCase("messages/{messageId}/reword", () => ({ text: "https://help.northtel.example/2" })),
  "release-message": onCase("messages/{messageId}/release", () => ({ reason: "the customer asked for the link" })),
  "report-sent": onCase("messages/{messageId}/sent"),
  "report-failed": onCase("messages/{messageId}/failed", () => ({ reason: "the number is not in use" })),
  "withdraw-message": onCase("messages/{messageId}/withdraw", () => ({ reason: "not needed" })),
  "link-change": onCase("link-change", ({ changeId }) => ({ changeId, reason: "it began that night" })),
  "unlink-change": onCase("unlink-change", ({ changeId }) => ({ changeId, reason: "another cause" })),
  confirm: onCase("confirm"),
  close: onCase("close"),
  reopen: onCase("reopen", () => ({ code: "still-broken", reason: "it came back" })),
  promise: onCase("promises", ({ until }) => ({ text: "a call", until })),
  "promise-for-another": onCase("promises", ({ until, promisor }) => ({ text: "a call", until, promisor })),
  "deliver-promise": onCase("promises/{promiseId}/delivered", () => ({ evidence: "called" })),
  "withdraw-promise": onCase("promises/{promiseId}/withdrawn", () => ({ reason: "not needed" })),
  "make-customer-link": { operation: `POST ${ofCase}/customer-links`, body: () => ({}) },
  "end-customer-links": { operation: `DELETE ${ofCase}/customer-links` },

  claim: onHandoff("claim", () => ({})),
  renew: onHandoff("renew", ({ token }) => ({ token })),
  release: onHandoff("release", ({ token }) => ({ token })),
  accept: onHandoff("accept", ({ token, dossierVersion, until }) => ({
    token,
    engineer,
    vendorCaseId: "OR-5501",
    nextStep: "check",
    eta: until,
    readBack: { problem: "dead", tried: "nothing" },
    dossierVersion,
  })),
  reject: onHandoff("reject", ({ token }) => ({ token, code: "duplicate" })),
  "request-info": onHandoff("request-info", ({ token }) => ({ token, code: "needs-log", items: ["log"] })),
  return: onHandoff("return", ({ token }) => ({ token, code: "bad-data", evidence })),
  transfer: onHandoff("transfer", ({ token, vendors }) => ({
    token,
    code: "wrong-team",
    to: `${vendors[1]}.care`,
    evidence,
  })),
  resolve: onHandoff("resolve", ({ token }) => ({ token, fixCode: "reset", rootCause: "memory full" })),
  "provide-information": {
    operation: `POST ${ofCase}/handoffs/{handoffId}/information`,
    body: () => ({ person, answer: "here it is" }),
  },
  "name-joint-person": onCase("joint/person", () => ({ engineer })),
  "hold-joint-session": onCase("joint/sessions", () => ({ outcome: "a new board" })),
  take: onCase("take", () => ({ engineer })),
};

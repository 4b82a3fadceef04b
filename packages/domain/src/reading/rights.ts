import type { Action } from "./actions.ts";
import type { CaseRole } from "./case-reading.ts";

/** The role of a caller in a case. The operator runs the installation, so the operator has its own role. */
export type Role = CaseRole | "operator";

/**
 * The right of a role to an action:
 * - `may`: the action is allowed, if the state of the case allows it.
 * - `proposes`: the action is a proposal, which the carrier accepts or declines.
 * - `as-of-its-end`: the company reads the case as of the end of its role.
 * - `left-out`: the response does not contain the case.
 * - Any other value is the code of the refusal.
 */
export type Right =
  | "may"
  | "proposes"
  | "as-of-its-end"
  | "left-out"
  | "forbidden"
  | "not_found"
  | "illegal_transition";

type Row = Readonly<Record<Role, Right>>;

/** Every company with a role reads the case. The operator reads no case. */
const read: Row = {
  carrier: "may",
  holder: "may",
  asked: "may",
  cured: "may",
  joint: "may",
  former: "as-of-its-end",
  stranger: "not_found",
  operator: "not_found",
};
const readByOperatorToo: Row = { ...read, operator: "may" };
const readInLists: Row = { ...read, stranger: "left-out", operator: "left-out" };

/** The actions that every company with a role may use. */
const companies: Row = { ...read, former: "forbidden" };
const carriers: Row = {
  ...companies,
  holder: "forbidden",
  asked: "forbidden",
  cured: "forbidden",
  joint: "forbidden",
};
const carriersAndHolders: Row = { ...carriers, holder: "may" };
const promisors: Row = { ...companies, former: "may" };
/** Routing refuses the operator with `forbidden`, and a company without a role with `not_found`. */
const carriersAtRouting: Row = { ...carriers, operator: "forbidden" };
const companiesAtRouting: Row = { ...companies, operator: "forbidden" };
const jointParties: Row = { ...carriersAtRouting, joint: "may" };

/** Only the vendor of a queue reads the queue. A vendor's hand-off that has ended accepts no command. */
const past: Row = {
  carrier: "not_found",
  holder: "illegal_transition",
  asked: "illegal_transition",
  cured: "illegal_transition",
  joint: "illegal_transition",
  former: "illegal_transition",
  stranger: "not_found",
  operator: "not_found",
};
const beforeAcceptance: Row = { ...past, asked: "may" };
const afterAcceptance: Row = { ...past, holder: "may" };
const inQueue: Row = { ...past, holder: "may", asked: "may" };

/** The right of each role to each action. The table is complete: an action without a row does not compile. */
export const rights: Readonly<Record<Action, Row>> = {
  "list-cases": readInLists,
  "read-case": read,
  "read-contacts": read,
  "read-entries": read,
  "read-handlings": read,
  "read-messages": read,
  "export-dossier": read,
  "read-clocks": readByOperatorToo,
  "read-clock-history": read,
  "read-journal": read,
  "find-by-search": { ...readInLists, former: "left-out" },
  "preview-own-line": { ...readByOperatorToo, former: "forbidden" },
  "preview-other-line": { ...carriers, operator: "may" },
  "read-handoffs": readByOperatorToo,
  "read-queue": { ...inQueue, holder: "left-out", cured: "left-out", joint: "left-out", former: "left-out" },
  "read-queued-handoff": { ...inQueue, cured: "may", joint: "as-of-its-end", former: "as-of-its-end" },
  "hear-by-webhook": { ...readInLists, operator: "may" },

  open: { ...carriers, former: "forbidden", stranger: "forbidden", operator: "forbidden" },
  contact: companies,
  "contact-by-device": { ...companies, former: "may", stranger: "may", operator: "forbidden" },
  "start-handling": companies,
  beat: companies,
  "end-handling": companies,
  "add-entry": companies,
  cross: carriers,
  "change-status": carriersAndHolders,
  "end-by-status": carriers,
  "raise-severity": carriersAndHolders,
  "lower-severity": { ...carriers, holder: "proposes" },
  "decline-severity": carriers,
  correct: carriers,
  move: carriers,
  merge: carriers,
  "write-message": carriers,
  "reword-message": carriers,
  "release-message": carriers,
  "withdraw-message": carriers,
  "report-sent": carriers,
  "report-failed": carriers,
  "link-change": carriersAndHolders,
  "unlink-change": carriersAndHolders,
  confirm: carriers,
  close: carriers,
  reopen: carriers,
  promise: companies,
  "promise-for-another": carriers,
  "deliver-promise": promisors,
  "withdraw-promise": promisors,
  "make-customer-link": carriers,
  "end-customer-links": carriers,

  claim: beforeAcceptance,
  renew: beforeAcceptance,
  release: beforeAcceptance,
  accept: beforeAcceptance,
  reject: beforeAcceptance,
  "request-info": beforeAcceptance,
  return: afterAcceptance,
  transfer: afterAcceptance,
  resolve: afterAcceptance,
  "provide-information": carriersAtRouting,
  "name-joint-person": jointParties,
  "hold-joint-session": jointParties,
  take: { ...companiesAtRouting, asked: "illegal_transition" },
};

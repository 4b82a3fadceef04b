import type { CaseEvent, CaseStatus, EventOf, HandoffEvent, Instant } from "@crossline/contracts";
import { isEnded, isUnsolved } from "@crossline/domain";

/** What a case owes to its customer after one of its facts, worked out from the facts of the case alone. */
export type Ledger = {
  readonly status: CaseStatus;
  readonly endedAt?: Instant | undefined;
  readonly firstResponse: boolean;
  readonly nextUpdate: boolean;
  readonly resolution: boolean;
  readonly needBy: boolean;
  /** The ids of the promises that are open. */
  readonly promises: readonly string[];
  readonly reply: boolean;
  /** A person has answered at least once. */
  readonly answered: boolean;
  /** Of the resolved case: since which fact, and when, the time to its closing counts; undefined while an inquiry waits. */
  readonly closing?: { readonly since: number; readonly from: Instant } | undefined;
  /** The fact that resolved the case last. */
  readonly resolvedBy: number;
  /** The last inquiry or answer on the resolved case. */
  readonly lastContact: number;
};

/** A fact of a case or of its hand-offs. */
export type Act = CaseEvent | HandoffEvent;

const emptyLedger: Ledger = {
  status: "acknowledged",
  firstResponse: false,
  nextUpdate: false,
  resolution: false,
  needBy: false,
  promises: [],
  reply: false,
  answered: false,
  resolvedBy: 0,
  lastContact: 0,
};

/** The ledger after the next fact. */
function nextLedger(ledger: Ledger = emptyLedger, event: CaseEvent): Ledger {
  switch (event.type) {
    case "case.opened": {
      const { status, needBy } = event.data;
      const isOpen = !isEnded(status);
      return {
        ...emptyLedger,
        status,
        firstResponse: isOpen,
        resolution: isUnsolved(status),
        needBy: needBy !== undefined,
      };
    }
    case "case.contacted":
    case "handling.started":
      if (isContactOfCustomer(event)) return afterLetter(ledger, event);
      return isAnswer(event) ? afterAnswer(ledger, event) : ledger;
    case "case.status-changed":
      return afterStatusChange(ledger, event.data.to, event.time);
    case "case.resolved": {
      const closing = { since: event.sequence, from: event.time };
      return { ...afterStatusChange(ledger, "resolved", event.time), closing, resolvedBy: event.sequence };
    }
    case "case.closed":
      return afterStatusChange(ledger, "closed", event.time);
    case "case.reopened":
      return { ...afterStatusChange(ledger, "reopened", event.time), resolution: true };
    case "case.confirmed":
      return { ...ledger, resolution: false, needBy: false };
    case "case.corrected":
      return event.data.needBy === undefined ? ledger : { ...ledger, needBy: event.data.needBy !== null };
    case "promise.made":
      return { ...ledger, promises: [...ledger.promises, event.data.promiseId] };
    case "promise.delivered":
    case "promise.withdrawn": {
      const { promiseId } = event.data;
      const isCure = event.type === "promise.delivered" && event.data.kept && event.data.for === "need-by";
      const promises = ledger.promises.filter((id) => id !== promiseId);
      return { ...ledger, promises, needBy: ledger.needBy && !isCure };
    }
    default:
      return ledger;
  }
}

/** A contact by the customer, also where a rep records it. An automatic reply is none. */
export function isContactOfCustomer(event: Act): boolean {
  return event.type === "case.contacted" && event.data.direction === "inbound" && event.data.content !== "auto-reply";
}

/** The customer asks something: it is no word on the cure. */
export function isInquiry(event: Act): boolean {
  if (event.type !== "case.contacted" || !isContactOfCustomer(event)) return false;
  return event.data.content !== "works" && event.data.content !== "still-broken";
}

function isAnswer(event: EventOf<"case.contacted" | "handling.started">): boolean {
  if (event.data.actor.automated) return false;
  return event.type === "handling.started" || (event.data.direction === "outbound" && event.data.content === "answer");
}

function afterLetter(ledger: Ledger, event: EventOf<"case.contacted" | "handling.started">): Ledger {
  if (isUnsolved(ledger.status)) return { ...ledger, nextUpdate: ledger.nextUpdate || ledger.answered };
  if (isEnded(ledger.status)) return { ...ledger, reply: true };
  return isInquiry(event) ? { ...ledger, reply: true, closing: undefined, lastContact: event.sequence } : ledger;
}

function afterAnswer(ledger: Ledger, { sequence, time }: EventOf<"case.contacted" | "handling.started">): Ledger {
  const met = { ...ledger, answered: true, firstResponse: false, nextUpdate: false, reply: false };
  if (ledger.status !== "resolved") return met;
  return { ...met, closing: { since: sequence, from: time }, lastContact: sequence };
}

/** In another status. From a cancelled or rejected case there is no way back: only a reply is owed there. */
function afterStatusChange(ledger: Ledger, status: CaseStatus, at: Instant): Ledger {
  const now = { ...ledger, status, closing: undefined, endedAt: isEnded(status) ? at : undefined };
  if (status !== "cancelled" && status !== "rejected") return now;
  return { ...now, firstResponse: false, nextUpdate: false, resolution: false, needBy: false, promises: [] };
}

/** The ledgers of all cases, one for each fact: services read a fact at different times. */
export class Ledgers {
  readonly #byCase = new Map<string, Ledger[]>();

  /** Adds the next fact of a case, as intake has committed it. */
  add(event: CaseEvent): { readonly before: Ledger | undefined; readonly after: Ledger } {
    const all = this.#byCase.get(event.key) ?? [];
    this.#byCase.set(event.key, all);
    const before = all[event.sequence - 1];
    const after = nextLedger(before, event);
    all[event.sequence] = after;
    return { before, after };
  }

  /** What was owed after a fact of the case. */
  at(caseId: string, sequence: number): Ledger | undefined {
    return this.#byCase.get(caseId)?.[sequence];
  }
}

import type { CaseEvent, CaseStatus, EventOf, HandoffEvent, Instant } from "@crossline/contracts";
import { isEnded, isUnsolved } from "@crossline/domain";

/** The obligations to the customer after an event of a case. The ledger uses only the events of the case. */
export type Ledger = {
  readonly status: CaseStatus;
  readonly endedAt?: Instant | undefined;
  readonly firstResponse: boolean;
  readonly nextUpdate: boolean;
  readonly resolution: boolean;
  readonly needBy: boolean;
  /** The ids of the open promises. */
  readonly promises: readonly string[];
  readonly reply: boolean;
  /** True if a person has answered at least once. */
  readonly answered: boolean;
  /** The event and instant from which the time until the automatic closing counts, or undefined while an inquiry waits. */
  readonly closing?: { readonly since: number; readonly from: Instant } | undefined;
  /** The answers in messages that may still fail, and the obligations that each answer met. */
  readonly answers: readonly (MetObligations & { readonly messageId: string; readonly sequence: number })[];
  /** The incident of which the case is a member. */
  readonly member?: string | undefined;
  /** The sequence of the last resolution. */
  readonly resolvedBy: number;
  /** The sequence of the last inquiry or answer on the resolved case. */
  readonly lastContact: number;
};

type MetObligations = Pick<Ledger, "firstResponse" | "nextUpdate" | "reply">;

/** An event of a case or of its hand-offs. */
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
  answers: [],
  resolvedBy: 0,
  lastContact: 0,
};

/** Returns the ledger after the next event. */
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
    case "message.failed":
      return event.data.wasSent ? afterFailure(ledger, event) : ledger;
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
    case "incident.joined":
      return { ...ledger, member: event.data.incidentId };
    case "incident.left":
      return { ...ledger, member: undefined };
    case "promise.made":
      return { ...ledger, promises: [...ledger.promises, event.data.promiseId] };
    case "promise.delivered":
    case "promise.withdrawn": {
      const { promiseId } = event.data;
      const meetsNeedBy = event.type === "promise.delivered" && event.data.kept && event.data.for === "need-by";
      const promises = ledger.promises.filter((id) => id !== promiseId);
      return { ...ledger, promises, needBy: ledger.needBy && !meetsNeedBy };
    }
    default:
      return ledger;
  }
}

/** Returns whether an event is a contact by the customer. Automatic replies do not count. */
export function isContactOfCustomer(event: Act): boolean {
  return event.type === "case.contacted" && event.data.direction === "inbound" && event.data.content !== "auto-reply";
}

/** Returns whether an event is a contact by the customer, with any content except `works` and `still-broken`. */
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

function afterAnswer(ledger: Ledger, event: EventOf<"case.contacted" | "handling.started">): Ledger {
  const { sequence, time } = event;
  const messageId = event.type === "case.contacted" ? event.data.messageId : undefined;
  const { firstResponse, nextUpdate, reply } = ledger;
  // An answer that is no message cannot fail.
  const answers =
    messageId === undefined ? [] : [...ledger.answers, { messageId, sequence, firstResponse, nextUpdate, reply }];
  const next = { ...ledger, answered: true, firstResponse: false, nextUpdate: false, reply: false, answers };
  if (ledger.status !== "resolved") return next;
  return { ...next, closing: { since: sequence, from: time }, lastContact: sequence };
}

/** Returns the ledger after a sent message failed. A later message takes over the obligations that the failed message met. */
function afterFailure(ledger: Ledger, { data, sequence, time }: EventOf<"message.failed">): Ledger {
  const index = ledger.answers.findIndex(({ messageId }) => messageId === data.messageId);
  const failed = ledger.answers[index];
  if (failed === undefined) return ledger;
  const answers = ledger.answers.toSpliced(index, 1);
  const wasClosing = ledger.closing?.since === failed.sequence;
  const heir = answers[index];
  const owes = heir === undefined ? ledger : heir;
  const owed = {
    firstResponse: owes.firstResponse || failed.firstResponse,
    nextUpdate: owes.nextUpdate || failed.nextUpdate,
    reply: owes.reply || failed.reply,
  };
  const closing = wasClosing ? { closing: { since: sequence, from: time }, lastContact: sequence } : {};
  if (heir !== undefined) return { ...ledger, answers: answers.with(index, { ...heir, ...owed }), ...closing };
  const stopped = ledger.status === "resolved" && owed.reply ? { closing: undefined, lastContact: sequence } : {};
  return { ...ledger, ...owed, answered: ledger.answered && !owed.firstResponse, answers, ...closing, ...stopped };
}

/** Returns the ledger after a change of status. On a cancelled or rejected case only a reply can be owed, because the end is final. */
function afterStatusChange(ledger: Ledger, status: CaseStatus, at: Instant): Ledger {
  const member = isUnsolved(status) ? ledger.member : undefined;
  const next = { ...ledger, status, closing: undefined, member, endedAt: isEnded(status) ? at : undefined };
  if (status !== "cancelled" && status !== "rejected") return next;
  const answers = ledger.answers.map((answer) => ({ ...answer, firstResponse: false, nextUpdate: false }));
  return {
    ...next,
    firstResponse: false,
    nextUpdate: false,
    resolution: false,
    needBy: false,
    promises: [],
    answers,
  };
}

/** The ledgers of all cases. Each event of a case has a ledger, because services read an event at different times. */
export class Ledgers {
  readonly #byCase = new Map<string, Ledger[]>();

  /** Adds the next event of a case after intake has committed it. */
  add(event: CaseEvent): { readonly before: Ledger | undefined; readonly after: Ledger } {
    const all = this.#byCase.get(event.key) ?? [];
    this.#byCase.set(event.key, all);
    const before = all[event.sequence - 1];
    const after = nextLedger(before, event);
    all[event.sequence] = after;
    return { before, after };
  }

  /** Returns the ledger after an event of the case. */
  at(caseId: string, sequence: number): Ledger | undefined {
    return this.#byCase.get(caseId)?.[sequence];
  }
}

import { type EventOf, type Instant, inquiryKind, partyOf } from "@crossline/contracts";

/**
 * The part of a case that only an inquiry has. An attempt is a contact of the person who inquires. The first attempt is the
 * opening.
 */
export type CaseInquiry = {
  readonly attempts: number;
  readonly lastAttemptAt: Instant;
  readonly owner?: InquiryOwner;
};

/**
 * The owner of an inquiry whose first response is late. Routing pages a person, who is the owner from then on. A person who
 * takes the case replaces this owner.
 */
type InquiryOwner = {
  readonly party: string;
  readonly person?: string;
  readonly since: Instant;
  /** `paged`: routing named the person. `taken`: the person took the case. */
  readonly by: "paged" | "taken";
};

/** Returns true if a case of this kind is an inquiry. */
export function isInquiryKind(kind: string): boolean {
  return kind === inquiryKind;
}

/** Returns the inquiry of a new case with its first attempt; undefined for a case of another kind. */
export function openInquiry(kind: string, at: Instant): CaseInquiry | undefined {
  return isInquiryKind(kind) ? { attempts: 1, lastAttemptAt: at } : undefined;
}

/** Returns the state after a contact of the customer. */
export function addAttempt<State extends { readonly inquiry?: CaseInquiry }>(state: State, at: Instant): State {
  const { inquiry } = state;
  if (inquiry === undefined) return state;
  return { ...state, inquiry: { ...inquiry, attempts: inquiry.attempts + 1, lastAttemptAt: at } };
}

/** Returns the inquiry with its owner after a page or a take; undefined if the event names no owner. */
export function nameOwner(
  inquiry: CaseInquiry | undefined,
  event: EventOf<"roster.paged" | "handoff.taken">,
): CaseInquiry | undefined {
  if (inquiry === undefined) return undefined;
  const { time: since } = event;
  if (event.type === "handoff.taken") {
    const { party, person } = event.data.actor;
    return { ...inquiry, owner: { party, ...(person !== undefined && { person }), since, by: "taken" } };
  }
  const { roster, reason, people } = event.data;
  const [person] = people;
  const isForStep = reason === "step" || reason === "last-resort";
  if (!isForStep || person === undefined || inquiry.owner?.by === "taken") return undefined;
  return { ...inquiry, owner: { party: partyOf(roster), person, since, by: "paged" } };
}

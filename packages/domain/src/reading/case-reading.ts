import { type CaseEvent, type CaseStatus, type HandoffEvent, topics } from "@crossline/contracts";
import { isEnded } from "../case/status.ts";

/**
 * Which companies have which part in a case, as far as it decides what they may read and do. Each service keeps one per case and
 * follows it through the case and hand-off topics with `followReading`, so that all of them give the same answer.
 */
export type CaseReading = {
  readonly carrier: string;
  /** The company that holds the case: the carrier, or the vendor that accepted it. */
  readonly holder: string;
  /** The vendor whose hand-off is open. */
  readonly asked?: string;
  /** The vendor whose cure is not confirmed, or was reopened while no other vendor has accepted the case since. */
  readonly cured?: string;
  /** The parties of a joint case. */
  readonly joint?: readonly string[];
  readonly ended: boolean;
  /** Every vendor that the case was offered to. */
  readonly vendors: readonly string[];
  /** The vendor's promises that are open, by id. */
  readonly promised: Readonly<Record<string, string>>;
};

/** The part that a company has in a case. A `former` vendor had one; a `stranger` never did. */
export type CaseRole = "carrier" | "holder" | "asked" | "cured" | "joint" | "former" | "stranger";

/** What a company may read of a case: all of it, what it was when the company's last part ended, or nothing. */
export type CaseAccess = "whole" | "as-of-its-end" | "nothing";

/** A case that was just opened: its carrier has it. */
export function openReading(carrier: string): CaseReading {
  return { carrier, holder: carrier, ended: false, vendors: [], promised: {} };
}

/** A state that keeps its case's reading; it has none before the first offer, since the carrier alone reads the case until then. */
export type WithReading = {
  readonly carrier: string;
  readonly status: CaseStatus;
  readonly reading?: CaseReading;
};

/** The reading of a state, also of one that keeps none yet. */
export function readingOf({ carrier, status, reading }: WithReading): CaseReading {
  return reading ?? { ...openReading(carrier), ended: isEnded(status) };
}

/** The state with its reading after one record of the case topic or the hand-off topic. */
export function updateReading<State extends WithReading>(state: State, event: CaseEvent | HandoffEvent): State {
  if (state.reading === undefined && event.topic === topics.case) return state;
  const before = readingOf(state);
  const reading = nextReading(before, event);
  return reading === before ? state : { ...state, reading };
}

/**
 * The reading after one record of the case topic or the hand-off topic, in the order in which the service applies them. A record
 * that changes no company's part gives the same object.
 */
export function nextReading(reading: CaseReading, event: CaseEvent | HandoffEvent): CaseReading {
  return event.topic === topics.case
    ? afterCaseEvent(reading, event as CaseEvent)
    : afterHandoffEvent(reading, event as HandoffEvent);
}

function afterCaseEvent(reading: CaseReading, event: CaseEvent): CaseReading {
  switch (event.type) {
    case "case.closed":
      return withEnd(reading);
    case "case.status-changed":
      return isEnded(event.data.to) ? withEnd(reading) : reading;
    case "case.recorded":
      return isEnded(event.data.status) ? withEnd(reading) : { ...reading, ended: false };
    case "case.reopened":
      return reading.ended ? { ...reading, ended: false } : reading;
    case "promise.made": {
      const { promiseId, promisor } = event.data;
      if (promisor === reading.carrier) return reading;
      return { ...reading, promised: { ...reading.promised, [promiseId]: promisor } };
    }
    case "promise.delivered":
    case "promise.withdrawn": {
      const { [event.data.promiseId]: promisor, ...promised } = reading.promised;
      return promisor === undefined ? reading : { ...reading, promised };
    }
    default:
      return reading;
  }
}

function afterHandoffEvent(reading: CaseReading, event: HandoffEvent): CaseReading {
  const { asked: _, ...unasked } = reading;
  switch (event.type) {
    case "handoff.offered":
      return { ...reading, asked: event.data.vendor, vendors: withVendor(reading, event.data.vendor) };
    case "handoff.accepted":
      return withAcceptance(reading, event.data.vendor);
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.transferred":
      return unasked; // a vendor that passes a case on holds it until another vendor accepts
    case "handoff.returned":
    case "handoff.withdrawn":
      return { ...unasked, holder: reading.carrier };
    case "handoff.resolved":
      return { ...unasked, holder: reading.carrier, cured: event.data.vendor };
    case "handoff.confirmed": {
      const { cured: __, ...settled } = reading;
      return settled;
    }
    case "joint.declared":
      return { ...reading, joint: event.data.parties };
    default:
      return reading;
  }
}

/** The end of a case ends every vendor's part. A reopening gives back the part in a joint case alone. */
function withEnd(reading: CaseReading): CaseReading {
  const { asked: _, cured: __, ...rest } = reading;
  return { ...rest, holder: reading.carrier, ended: true };
}

function withAcceptance(reading: CaseReading, vendor: string): CaseReading {
  const { cured, ...rest } = reading;
  if (reading.ended) return reading; // the vendor accepted before routing read that the case had ended
  return { ...rest, holder: vendor, ...(cured === vendor && { cured }) };
}

function withVendor({ vendors }: CaseReading, vendor: string): readonly string[] {
  return vendors.includes(vendor) ? vendors : [...vendors, vendor];
}

/** The parts of a company in a case: at least one. A company with several may do what any of them allows. */
export function rolesIn(reading: CaseReading, party: string): readonly CaseRole[] {
  const { carrier, holder, joint, asked, cured, ended: isOver, vendors } = reading;
  if (party === carrier) return ["carrier"];
  const parts: CaseRole[] = [];
  if (!isOver) {
    if (party === holder) parts.push("holder");
    if (party === asked) parts.push("asked");
    if (party === cured) parts.push("cured");
    if (joint?.includes(party) === true) parts.push("joint");
  }
  if (parts.length > 0) return parts;
  return vendors.includes(party) ? ["former"] : ["stranger"];
}

/** What a company may read of a case. A vendor whose last part ended reads the case as of that moment. */
export function accessOf(reading: CaseReading, party: string): CaseAccess {
  const [role] = rolesIn(reading, party);
  if (role === "stranger") return "nothing";
  return role === "former" ? "as-of-its-end" : "whole";
}

/** That a vendor reads the whole case from a record on, or as of that record. */
export type AccessChange = { readonly vendor: string; readonly is: "whole" | "as-of-its-end" };

/** The vendors with another sight after a record. The caller keeps the view of one that lost it, and drops it when the sight is whole again. */
export function accessChanges(before: CaseReading, after: CaseReading): readonly AccessChange[] {
  if (before === after) return [];
  return after.vendors.flatMap((vendor): AccessChange[] => {
    const is = accessOf(after, vendor);
    return is === "nothing" || is === accessOf(before, vendor) ? [] : [{ vendor, is }];
  });
}

/** True while a vendor reads the whole case. */
export function isReadByVendors(reading: CaseReading): boolean {
  return reading.vendors.some((vendor) => accessOf(reading, vendor) === "whole");
}

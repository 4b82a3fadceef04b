import { type CaseEvent, type CaseStatus, type HandoffEvent, topics } from "@crossline/contracts";
import { isEnded } from "../case/status.ts";

/**
 * The state of a case from which the roles of companies follow. The roles decide the rights of the companies. Each service
 * keeps the reading of every case. `nextReading` updates the reading from the case topic and the hand-off topic, so that all
 * services agree.
 */
export type CaseReading = {
  readonly carrier: string;
  /** The company that holds the case: the carrier, or the vendor that accepted it. */
  readonly holder: string;
  /** The vendor of the open hand-off. */
  readonly asked?: string;
  /**
   * The vendor whose fix is not confirmed. The vendor keeps its role after a reopening, until another vendor accepts the case.
   */
  readonly cured?: string;
  /** The parties of a joint case. */
  readonly joint?: readonly string[];
  readonly ended: boolean;
  /** Every vendor to which the case was offered. */
  readonly vendors: readonly string[];
  /** The vendors that have made open promises, by the id of the promise. */
  readonly promised: Readonly<Record<string, string>>;
};

/** The role of a company in a case. A `former` vendor had another role before. A `stranger` never had a role. */
export type CaseRole = "carrier" | "holder" | "asked" | "cured" | "joint" | "former" | "stranger";

/** The case access of a company: the whole case, the case as of the end of the company's last role, or nothing. */
export type CaseAccess = "whole" | "as-of-its-end" | "nothing";

/** Returns the reading of a newly opened case, whose carrier is the holder. */
export function openReading(carrier: string): CaseReading {
  return { carrier, holder: carrier, ended: false, vendors: [], promised: {} };
}

/**
 * A state that contains the reading of its case. Before the first offer, `reading` is absent, because only the carrier reads
 * the case.
 */
export type WithReading = {
  readonly carrier: string;
  readonly status: CaseStatus;
  readonly reading?: CaseReading;
};

/** Returns the reading of a state, even before the first offer. */
export function readingOf({ carrier, status, reading }: WithReading): CaseReading {
  return reading ?? { ...openReading(carrier), ended: isEnded(status) };
}

/** Returns the state with its reading after one record of the case topic or the hand-off topic. */
export function updateReading<State extends WithReading>(state: State, event: CaseEvent | HandoffEvent): State {
  if (state.reading === undefined && event.topic === topics.case) return state;
  const before = readingOf(state);
  const reading = nextReading(before, event);
  return reading === before ? state : { ...state, reading };
}

/**
 * Returns the reading after one record of the case topic or the hand-off topic. The caller passes the records in the order in
 * which the service applies them. If no role changes, returns the same object.
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
      return unasked; // The vendor that transfers a case stays the holder until another vendor accepts.
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

/**
 * Ends every vendor's role at the end of the case. After a reopening, only the vendors of a joint case have their roles again.
 */
function withEnd(reading: CaseReading): CaseReading {
  const { asked: _, cured: __, ...rest } = reading;
  return { ...rest, holder: reading.carrier, ended: true };
}

function withAcceptance(reading: CaseReading, vendor: string): CaseReading {
  const { cured, ...rest } = reading;
  if (reading.ended) return reading; // The vendor accepted the case before routing read the end of the case.
  return { ...rest, holder: vendor, ...(cured === vendor && { cured }) };
}

function withVendor({ vendors }: CaseReading, vendor: string): readonly string[] {
  return vendors.includes(vendor) ? vendors : [...vendors, vendor];
}

/**
 * Returns the roles of a company in a case. Every company has at least one role. A company with several roles may do everything
 * that one of these roles allows.
 */
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

/** Returns the case access of a company. A vendor whose last role ended reads the case as of the end of this role. */
export function accessOf(reading: CaseReading, party: string): CaseAccess {
  const [role] = rolesIn(reading, party);
  if (role === "stranger") return "nothing";
  return role === "former" ? "as-of-its-end" : "whole";
}

/** A change of a vendor's case access at a record. */
export type AccessChange = { readonly vendor: string; readonly is: "whole" | "as-of-its-end" };

/**
 * Returns the vendors whose case access changes with a record. The caller stores the view of a vendor that lost access, and
 * deletes the view when the vendor may read the whole case again.
 */
export function accessChanges(before: CaseReading, after: CaseReading): readonly AccessChange[] {
  if (before === after) return [];
  return after.vendors.flatMap((vendor): AccessChange[] => {
    const is = accessOf(after, vendor);
    return is === "nothing" || is === accessOf(before, vendor) ? [] : [{ vendor, is }];
  });
}

/** Returns true if a vendor reads the whole case. */
export function isReadByVendors(reading: CaseReading): boolean {
  return reading.vendors.some((vendor) => accessOf(reading, vendor) === "whole");
}

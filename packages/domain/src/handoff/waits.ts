import type { Assignment } from "../pool/assignment.ts";
import type { AcceptedHandoff, Handoff } from "./handoff.ts";

/** The wait of a case in routing. A case waits for one thing at a time. */
export type CaseWait =
  /** The next line step, which follows the next breach, trigger or request. An ended case also has the wait `step`. */
  | { readonly for: "step" }
  /** The vendor of an open hand-off, which must accept or solve the case. */
  | { readonly for: "handoff"; readonly handoff: Handoff }
  /** A person whom a line step has paged. The wait ends when the time of the line step has passed. */
  | {
      readonly for: "page";
      readonly id: string;
      readonly roster: string;
      readonly step: number;
      readonly attempt: number;
    }
  /** A certified person of a pool inside the carrier, who must claim the assignment or has claimed it. */
  | { readonly for: "pool"; readonly assignment: Assignment }
  /** A person of the last resort. `call` is the number of calls, and `sequence` is the sequence of the last call. */
  | { readonly for: "last-resort"; readonly call: number; readonly sequence: number }
  /** The customer's confirmation of a vendor's fix. */
  | { readonly for: "confirmation"; readonly handoff: AcceptedHandoff };

type WaitingCase = { readonly waits: CaseWait };

/** The case waits for its next line step. */
export const forStep: CaseWait = { for: "step" };

/** Returns the wait of the case if the wait is of this kind; undefined otherwise. */
export function waitFor<F extends CaseWait["for"]>(
  state: WaitingCase | undefined,
  what: F,
): Extract<CaseWait, { readonly for: F }> | undefined {
  const waits = state?.waits;
  return waits?.for === what ? (waits as Extract<CaseWait, { readonly for: F }>) : undefined;
}

/** Returns the open hand-off; undefined if no hand-off is open. */
export function openHandoffOf(state: WaitingCase | undefined): Handoff | undefined {
  return waitFor(state, "handoff")?.handoff;
}

/** Returns the state with this open hand-off. */
export function withOpen<T extends WaitingCase>(state: T, handoff: Handoff): T {
  return { ...state, waits: { for: "handoff", handoff } };
}

/** Returns the state with this open assignment. */
export function withAssignment<T extends WaitingCase>(state: T, assignment: Assignment): T {
  return { ...state, waits: { for: "pool", assignment } };
}

/** Returns the state after its wait has ended: the case waits for the next line step. */
export function withoutWait<T extends WaitingCase>(state: T): T {
  return { ...state, waits: forStep };
}

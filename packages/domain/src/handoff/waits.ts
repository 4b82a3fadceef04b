import type { AcceptedHandoff, Handoff } from "./handoff.ts";

/** What a case waits for, as far as hand-offs go: one thing at a time. */
export type CaseWait =
  /** The next step of its line, at the next breach, trigger or request; of a case that is over, nothing. */
  | { readonly for: "step" }
  /** A vendor: to accept the case, or to cure it. */
  | { readonly for: "handoff"; readonly handoff: Handoff }
  /** A person of the roster that was paged as a step of the line, until that time is over. */
  | {
      readonly for: "page";
      readonly id: string;
      readonly roster: string;
      readonly step: number;
      readonly attempt: number;
    }
  /** A person of the last resort: how often it was called, and the sequence of the last call. */
  | { readonly for: "last-resort"; readonly call: number; readonly sequence: number }
  /** The customer's word on a vendor's cure. */
  | { readonly for: "confirmation"; readonly handoff: AcceptedHandoff };

type WaitingCase = { readonly waits: CaseWait };

/** The case takes its next step when it comes to that. */
export const forStep: CaseWait = { for: "step" };

/** What the case waits for, where it is this. */
export function waitFor<F extends CaseWait["for"]>(
  state: WaitingCase | undefined,
  what: F,
): Extract<CaseWait, { readonly for: F }> | undefined {
  const waits = state?.waits;
  return waits?.for === what ? (waits as Extract<CaseWait, { readonly for: F }>) : undefined;
}

/** The hand-off that is open. */
export function openHandoffOf(state: WaitingCase | undefined): Handoff | undefined {
  return waitFor(state, "handoff")?.handoff;
}

/** The state with this hand-off open. */
export function withOpen<T extends WaitingCase>(state: T, handoff: Handoff): T {
  return { ...state, waits: { for: "handoff", handoff } };
}

/** The state with what it waited for over. */
export function withoutWait<T extends WaitingCase>(state: T): T {
  return { ...state, waits: forStep };
}

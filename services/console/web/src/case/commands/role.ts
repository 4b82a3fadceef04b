import type { Situation } from "./command.ts";

const ended: ReadonlySet<string> = new Set(["closed", "rejected", "cancelled"]);

/** The part of a company in a case, and the state of the case, as far as the offered commands depend on them. */
export type CasePart = {
  /** True if the person may send commands about cases. An auditor only reads. */
  readonly mayAct: boolean;
  readonly isCarrier: boolean;
  readonly isHolder: boolean;
  readonly isJoint: boolean;
  /** True for a company with a role now. A former vendor can only end its own promises. */
  readonly hasRole: boolean;
  readonly isEnded: boolean;
  readonly isUnsolved: boolean;
};

/** Returns the part of the person's company in the case. The API decides; the screen only leaves out the commands that it would refuse. */
export function partOf({ shown, handoffs, me }: Pick<Situation, "shown" | "handoffs" | "me">): CasePart {
  const { party } = me;
  const isCarrier = shown.carrier === party;
  const isEnded = ended.has(shown.status);
  const isHolder = !isEnded && shown.holder === party;
  const isJoint = !isEnded && (shown.joint?.parties.includes(party) ?? false);
  const isAsked = shown.handoff?.vendor === party;
  const lastFix = handoffs?.handoffs.findLast(({ phase }) => phase === "resolved");
  const hasFix = shown.status === "resolved" && lastFix?.vendor === party;
  return {
    mayAct: me.scopes.includes("cases"),
    isCarrier,
    isHolder,
    isJoint,
    hasRole: isCarrier || isHolder || isJoint || (!isEnded && (isAsked || hasFix)),
    isEnded,
    isUnsolved: !isEnded && shown.status !== "resolved",
  };
}

import type { CustomerLinkToken } from "@crossline/access";
import {
  type CustomerStep,
  type CustomerView,
  type Instant,
  type NextDue,
  formatInstant,
  parseInstant,
  timelineKind,
} from "@crossline/contracts";
import {
  type CaseState,
  type NameOf,
  customerActsOf,
  customerHolderOf,
  customerSentence,
  customerSituationOf,
  situationSentence,
} from "@crossline/domain";

/** The parts of a view from other services. Undefined: the service did not respond. */
export type CustomerViewParts = {
  readonly steps: readonly CustomerStep[] | undefined;
  /** Null: no company owes the customer an answer now. */
  readonly due: NextDue | null | undefined;
};

/** Returns the companies that a view names. */
export function partiesOfView(state: CaseState, { steps = [], due }: CustomerViewParts): readonly string[] {
  const named = steps.flatMap(({ party }) => (party === undefined ? [] : [party]));
  return [...new Set([state.carrier, state.holder, ...(due == null ? [] : [due.charged]), ...named])];
}

/** Returns a case as its customer reads it at an instant. */
export function presentCustomerView(
  { state, at, link }: { readonly state: CaseState; readonly at: Instant; readonly link: CustomerLinkToken },
  parts: CustomerViewParts,
  nameOf: NameOf,
): CustomerView {
  const { steps, due } = parts;
  const situation = customerSituationOf(state);
  const holder = customerHolderOf(state);
  return {
    caseNumber: state.carrierCaseId,
    title: state.title,
    carrier: nameOf(state.carrier),
    situation,
    text: situationSentence(situation, holder?.party ?? state.carrier, nameOf),
    openedAt: formatInstant(state.openedAt),
    endedAt: state.endedAt === undefined ? undefined : formatInstant(state.endedAt),
    holder: holder && { name: nameOf(holder.party), since: formatInstant(holder.since) },
    needBy: state.needBy,
    nextAnswer: due == null ? undefined : presentDue(due, at, nameOf),
    steps: (steps ?? []).map((step) => presentStep(step, nameOf)),
    acts: [...customerActsOf(state, at)],
    missing: [
      ...(steps === undefined ? ["steps" as const] : []),
      ...(due === undefined ? ["nextAnswer" as const] : []),
    ],
    at: formatInstant(at),
    stepped: timelineKind(state.timeline) === "stepped",
    zone: link.zone,
    linkExpiresAt: formatInstant(link.expiresAtSeconds * 1_000),
  };
}

function presentDue({ dueAt, kind, charged }: NextDue, at: Instant, nameOf: NameOf): CustomerView["nextAnswer"] {
  return { by: dueAt, name: nameOf(charged), promised: kind === "promise", late: parseInstant(dueAt) < at };
}

function presentStep(step: CustomerStep, nameOf: NameOf): CustomerView["steps"][number] {
  const { party: _, channel: __, ...rest } = step;
  return { ...rest, text: customerSentence(step, nameOf) };
}

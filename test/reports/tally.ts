import type { CrossedCase, OutcomeSums, ReportedCase, Sample } from "@crossline/domain";
import { type CaseFacts, firstCrossing } from "./facts.ts";
import { endAt, trainedAt } from "./market.ts";

const settledMs = 7 * 86_400_000;

/** The samples of one value for one operating system before and after the training date. */
export type Pair = { readonly before: Sample; readonly after: Sample };
/** The input of the three reports of one carrier, as insight reads it from its tables. */
export type CarrierTally = {
  readonly crossed: readonly CrossedCase[];
  readonly outcomes: readonly OutcomeSums[];
  /** The samples, by the name of the value and the operating system. */
  readonly comparisons: ReadonlyMap<string, Pair>;
};

/** Sums up the cases of one carrier without a database. Canaries and merged cases are left out. */
export function tallyOf(cases: readonly CaseFacts[]): CarrierTally {
  const counted = cases.filter(({ facts }) => !facts.isCanary && !facts.isMerged);
  return {
    crossed: counted.flatMap(crossedCase),
    outcomes: [...Map.groupBy(counted.filter(hasModel), outcomeGroup).values()].map(sumOutcome),
    comparisons: compareDates(counted),
  };
}

/** Returns the crossed case for the training debt, or nothing for a case without crossing, symptom or device. */
function crossedCase(one: CaseFacts): CrossedCase[] {
  const { symptom, device, channel, severity, openedAt } = one.facts;
  const crossing = firstCrossing(one);
  const named = device.model ?? device.os.name;
  if (crossing === undefined || symptom === undefined || named === undefined) return [];
  const { acceptedAt, resolvedAt } = crossing;
  const fixedMs = resolvedAt === undefined ? undefined : resolvedAt - acceptedAt;
  return [{ symptom, device: named, stratum: `${channel} ${severity}`, heldMs: acceptedAt - openedAt, fixedMs }];
}

/** Returns true if the resolution of a case is certain: it is confirmed or ended, or seven days old. */
function isSettled({ resolvedAt, confirmedAt, endedAt }: ReportedCase): boolean {
  if (resolvedAt === undefined) return false;
  return confirmedAt !== undefined || endedAt !== undefined || resolvedAt + settledMs <= endAt;
}

/** Returns true if the first contact resolved the case: no second contact, no reopening and no crossing. */
function isResolvedAtFirst(one: CaseFacts): boolean {
  return one.facts.contacts === 1 && one.facts.reopenings === 0 && firstCrossing(one) === undefined;
}

function hasModel({ facts }: CaseFacts): boolean {
  return facts.device.model !== undefined;
}

function outcomeGroup({ facts }: CaseFacts): string {
  return `${facts.device.model} ${facts.channel}`;
}

function sumOutcome(cases: readonly CaseFacts[]): OutcomeSums {
  const count = (isCounted: (one: CaseFacts) => boolean): number => cases.filter(isCounted).length;
  const settled = cases.filter(({ facts }) => isSettled(facts));
  const { device, channel } = (cases[0] as CaseFacts).facts;
  return {
    model: device.model ?? "",
    channel,
    cases: cases.length,
    contacts: cases.reduce((sum, { facts }) => sum + facts.contacts, 0),
    contactsSquared: cases.reduce((sum, { facts }) => sum + facts.contacts ** 2, 0),
    settled: settled.length,
    resolvedAtFirst: settled.filter(isResolvedAtFirst).length,
    crossed: count((one) => firstCrossing(one) !== undefined),
    reopened: count(({ facts }) => facts.reopenings > 0),
  };
}

function compareDates(cases: readonly CaseFacts[]): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const [os, members] of Map.groupBy(cases, ({ facts }) => facts.device.os.name ?? "")) {
    const before = members.filter(({ facts }) => facts.openedAt < trainedAt);
    const after = members.filter(({ facts }) => facts.openedAt >= trainedAt);
    for (const [name, sample] of Object.entries(samples))
      pairs.set(`${name}, ${os}`, { before: sample(before), after: sample(after) });
  }
  return pairs;
}

/** The samples of the values that a report compares before and after a date. */
const samples: Readonly<Record<string, (cases: readonly CaseFacts[]) => Sample>> = {
  "first-contact-resolution": (cases) => {
    const settled = cases.filter(({ facts }) => isSettled(facts));
    return { measure: "share", hits: settled.filter(isResolvedAtFirst).length, cases: settled.length };
  },
  "contacts-per-case": (cases) => {
    const counts = new Map<number, number>();
    for (const { facts } of cases) counts.set(facts.contacts, (counts.get(facts.contacts) ?? 0) + 1);
    return { measure: "mean", counts };
  },
  "time-to-accept": (cases) => {
    const offers = cases.flatMap(({ crossings }) => crossings);
    const accepted = offers.filter(({ acceptedAt }) => acceptedAt !== undefined);
    return { measure: "median", values: accepted.map(({ offeredAt = 0, acceptedAt = 0 }) => acceptedAt - offeredAt) };
  },
  "promises-kept": (cases) => {
    const due = cases
      .flatMap(({ promises }) => promises)
      .filter(
        ({ deliveredAt, until = 0, withdrawnAt }) =>
          deliveredAt !== undefined || (withdrawnAt === undefined && until <= endAt),
      );
    return { measure: "share", hits: due.filter(({ isKept }) => isKept === true).length, cases: due.length };
  },
  "cure-time-gap": (cases) => {
    const fixed = cases.flatMap((one) => crossedCase(one).filter(({ fixedMs }) => fixedMs !== undefined));
    return { measure: "gap", pairs: fixed.map(({ heldMs, fixedMs = 0 }) => [heldMs, fixedMs]) };
  },
};

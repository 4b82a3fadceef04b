import type { CrossedCase, OutcomeSums, Sample } from "@crossline/domain";
import { type CountedThing, countedThings, isResolvedAtFirst, isSettled } from "./counted-things.ts";
import { type CaseFacts, firstCrossing } from "./facts.ts";
import { trainedAt } from "./market.ts";

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
  for (const [os, members] of Map.groupBy(cases, ({ facts }) => facts.device.os.name ?? ""))
    for (const [indicator, things] of Object.entries(countedThings)) {
      const counted = members.flatMap(things);
      const side = (isAfter: boolean): Sample =>
        sampleOf(
          indicator,
          counted.filter(({ at }) => at >= trainedAt === isAfter),
        );
      pairs.set(`${indicator}, ${os}`, { before: side(false), after: side(true) });
    }
  return pairs;
}

function sampleOf(indicator: string, things: readonly CountedThing[]): Sample {
  const values = things.map(({ value }) => value);
  switch (indicator) {
    case "first-contact-resolution":
    case "promises-kept":
      return { measure: "share", hits: values.reduce((sum, each) => sum + each, 0), cases: values.length };
    case "contacts-per-case":
    case "transfers-per-case": {
      const counts = Map.groupBy(values, (value) => value);
      return { measure: "mean", counts: new Map([...counts].map(([value, all]) => [value, all.length])) };
    }
    case "cure-time-gap":
      return { measure: "gap", pairs: things.map(({ value, other = 0 }) => [value, other]) };
    default:
      return { measure: "median", values };
  }
}

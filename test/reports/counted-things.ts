import type { Instant } from "@crossline/contracts";
import type { ReportedCase } from "@crossline/domain";
import { type CaseFacts, firstCrossing } from "./facts.ts";
import { endAt } from "./market.ts";

const settledMs = 7 * 86_400_000;

/** A thing that an indicator counts: the instant that decides its side, its value and its second number. */
export type CountedThing = { readonly at: Instant; readonly value: number; readonly other?: number };

/** Returns true if the resolution of a case is certain: it is confirmed or ended, or seven days old. */
export function isSettled({ resolvedAt, confirmedAt, endedAt }: ReportedCase): boolean {
  if (resolvedAt === undefined) return false;
  return confirmedAt !== undefined || endedAt !== undefined || resolvedAt + settledMs <= endAt;
}

/** Returns true if the first contact resolved the case: no second contact, no reopening and no crossing. */
export function isResolvedAtFirst(one: CaseFacts): boolean {
  return one.facts.contacts === 1 && one.facts.reopenings === 0 && firstCrossing(one) === undefined;
}

function ofSettledCase(value: (one: CaseFacts) => number): (one: CaseFacts) => CountedThing[] {
  return (one) =>
    isSettled(one.facts) && one.facts.resolvedAt !== undefined ? [{ at: one.facts.resolvedAt, value: value(one) }] : [];
}

/** The counted things of a case, by indicator, as docs/reports.md defines them. */
export const countedThings: Readonly<Record<string, (one: CaseFacts) => CountedThing[]>> = {
  "first-contact-resolution": ofSettledCase((one) => (isResolvedAtFirst(one) ? 1 : 0)),
  "contacts-per-case": ofSettledCase(({ facts }) => facts.contacts),
  "transfers-per-case": ofSettledCase(
    ({ crossings, assignments }) =>
      crossings.filter(({ acceptedAt }) => acceptedAt !== undefined).length +
      assignments.filter(({ claimedAt }) => claimedAt !== undefined).length,
  ),
  "time-to-accept": ({ crossings }) =>
    crossings.flatMap(({ offeredAt, acceptedAt }) =>
      offeredAt === undefined || acceptedAt === undefined ? [] : [{ at: offeredAt, value: acceptedAt - offeredAt }],
    ),
  "time-to-claim": ({ assignments }) =>
    assignments.flatMap(({ assignedAt, claimedAt }) =>
      assignedAt === undefined || claimedAt === undefined ? [] : [{ at: assignedAt, value: claimedAt - assignedAt }],
    ),
  "promises-kept": ({ promises }) =>
    promises.flatMap(({ until = 0, isKept, withdrawnAt }) =>
      withdrawnAt !== undefined || until >= endAt ? [] : [{ at: until, value: isKept === true ? 1 : 0 }],
    ),
  "cure-time-gap": (one) => {
    const [first, fix] = [firstCrossing(one), firstFix(one)];
    if (first === undefined || fix === undefined) return [];
    return [{ at: first.acceptedAt, value: first.acceptedAt - one.facts.openedAt, other: fix }];
  },
};

/** Returns the time from acceptance to resolution in the first hand-off that was resolved. */
function firstFix({ crossings }: CaseFacts): number | undefined {
  const [fixed] = crossings
    .flatMap(({ acceptedAt, resolvedAt }) =>
      acceptedAt === undefined || resolvedAt === undefined ? [] : [{ acceptedAt, resolvedAt }],
    )
    .toSorted((one, other) => one.resolvedAt - other.resolvedAt);
  return fixed && fixed.resolvedAt - fixed.acceptedAt;
}

import { type GroupValue, exceedances } from "./exceedance.ts";
import { holm } from "./holm.ts";
import { medianOfSorted } from "./quantile.ts";

/** A case that a vendor accepted. Canaries are no such cases. */
export type CrossedCase = {
  readonly symptom: string;
  /** The model, or the operating system of a case without a model. */
  readonly device: string;
  /** Cases are compared within one stratum only, for example one channel and severity. */
  readonly stratum: string;
  /** How long the carrier held the case before the vendor accepted it. */
  readonly heldMs: number;
  /** How long the vendor then needed for the fix. Absent if the vendor has not solved the case. */
  readonly fixedMs?: number | undefined;
};

/** A symptom of a device that the carrier holds long and the vendors fix fast. */
export type TrainingGap = {
  readonly symptom: string;
  readonly device: string;
  readonly cases: number;
  /** How long the customers of these cases waited for the crossing, added up. */
  readonly waitedMs: number;
  readonly medianHeldMs: number;
  readonly medianFixedMs: number;
  /** The probability of such a group if it had no gap, corrected for the number of groups. */
  readonly probability: number;
};

/** The training debt of a carrier, or the reason for which the cases do not show it. */
export type TrainingDebt =
  | { readonly enough: true; readonly groups: number; readonly gaps: readonly TrainingGap[] }
  | {
      readonly enough: false;
      /** The number of groups with enough cases. Two are necessary. */
      readonly groups: number;
      readonly smallest: number;
    };

/** The smallest number of crossed cases of a group. */
export const smallestGroup = 20;
/** The probability of any false gap in one report, over all groups. */
const debtLevel = 0.01;
/** The factor by which the holds of a gap are longer, and its fixes are shorter, than those of other groups. */
const smallestEffect = 1.5;

/**
 * Finds the training debt of one carrier: the groups of symptom × device whose holds are long **and** whose fixes are fast. Each group is
 * compared with the other groups in the same stratum. The longest waiting comes first.
 *
 * - Each group has two one-sided rank tests against the smallest effect (`exceedances`). Its probability is the larger one of the two, so
 *   that a group must pass both (the intersection-union test, Berger 1982). A hard symptom, with long holds and long fixes, is no gap.
 * - Holm's method corrects the probabilities for the number of groups.
 * - A case that the vendor has not solved counts as a slow fix in its own group, and other groups are not compared with it. So the
 *   unfinished cases at the end of a period never make a gap.
 * - The median hold of a gap is longer than its median fix. Otherwise the carrier could not gain by training.
 */
export function findTrainingDebt(cases: readonly CrossedCase[]): TrainingDebt {
  const all = [...Map.groupBy(cases, ({ symptom, device }) => JSON.stringify([symptom, device]))];
  const groups = all.filter(([, members]) => members.length >= smallestGroup);
  if (groups.length < 2) return { enough: false, groups: groups.length, smallest: smallestGroup };
  const holds = exceedances(all.flatMap(holdsOf), smallestEffect);
  const fixes = exceedances(all.flatMap(fixesOf), smallestEffect);
  const corrected = holm(groups.map(([name]) => Math.max(holds.get(name) ?? 1, fixes.get(name) ?? 1)));
  const gaps = groups.flatMap(([, members], index) => {
    const probability = corrected[index] ?? 1;
    return probability <= debtLevel ? [describe(members, probability)] : [];
  });
  const useful = gaps.filter(({ medianHeldMs, medianFixedMs }) => medianHeldMs > medianFixedMs);
  return { enough: true, groups: groups.length, gaps: useful.toSorted((one, other) => other.waitedMs - one.waitedMs) };
}

type CaseGroup = readonly [name: string, members: readonly CrossedCase[]];

function holdsOf([group, members]: CaseGroup): GroupValue[] {
  return members.map(({ stratum, heldMs }) => ({ group, stratum, value: heldMs, isReference: true }));
}

/** Returns the speeds of the fixes. The speed is 0 for an unsolved case. */
function fixesOf([group, members]: CaseGroup): GroupValue[] {
  return members.map(({ stratum, fixedMs }) => ({
    group,
    stratum,
    value: fixedMs === undefined ? 0 : 1 / Math.max(1, fixedMs),
    isReference: fixedMs !== undefined,
  }));
}

function describe(members: readonly CrossedCase[], probability: number): TrainingGap {
  const { symptom = "", device = "" } = members[0] ?? {};
  const held = Float64Array.from(members, ({ heldMs }) => heldMs).toSorted();
  const fixed = Float64Array.from(members, ({ fixedMs }) => fixedMs ?? Number.POSITIVE_INFINITY).toSorted();
  return {
    symptom,
    device,
    cases: members.length,
    waitedMs: held.reduce((sum, each) => sum + each, 0),
    medianHeldMs: medianOfSorted(held),
    medianFixedMs: medianOfSorted(fixed),
    probability,
  };
}

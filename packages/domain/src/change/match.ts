import type { Device, Instant, LinkedChange } from "@crossline/contracts";

/**
 * A change that can affect the cases of a carrier with a symptom. `isListed` is true if the change lists an identity of the case, and is
 * undefined if the change has no list.
 */
export type PossibleCause = {
  readonly link: LinkedChange;
  readonly vendor?: string | undefined;
  readonly models?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly from: Instant;
  readonly until: Instant;
  readonly isListed?: boolean | undefined;
};

/** The facts of a case that the scope of a change can name. */
type AffectedFacts = { readonly device?: Device | undefined; readonly region?: string | undefined };

/** The maximum number of links of one case. */
export const linkedChangesMax = 10;

/**
 * Returns the links to those changes that can be the cause of a case with this device and region. Their effect includes the instant,
 * and their scope includes the device and the region. Models are compared without a distinction of upper and lower case.
 */
export function causesAt(
  causes: readonly PossibleCause[],
  { device, region }: AffectedFacts,
  at: Instant,
): LinkedChange[] {
  return causes
    .filter(({ from, until }) => from <= at && at <= until)
    .filter(({ vendor }) => vendor === undefined || vendor === device?.vendor)
    .filter(({ models }) => models === undefined || models.some((model) => isSame(model, device?.model)))
    .filter(({ regions }) => regions === undefined || regions.some((one) => isWithin(one, region)))
    .filter(({ isListed }) => isListed !== false)
    .toSorted((one, other) => other.from - one.from)
    .slice(0, linkedChangesMax)
    .map(({ link }) => link);
}

/** Returns true if a region is the outer region, or a part of it: `CA` includes `CA-ON`. */
function isWithin(outer: string, region: string | undefined): boolean {
  return region === outer || region?.startsWith(`${outer}-`) === true;
}

function isSame(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

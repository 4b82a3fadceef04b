import { type Instant, type RosterDocument, parseInstant } from "@crossline/contracts";

const rememberedMs = 90 * 86_400_000;

/** What is added to a roster: a person stands in for a while, or two swap. */
export type RosterAddition = Pick<RosterDocument, "overrides"> | Pick<RosterDocument, "swaps">;

/** A roster with an override or a swap more. What ended long ago is left out, else a roster would be full of it one day. */
export function withAddition(roster: RosterDocument, addition: RosterAddition, at: Instant): RosterDocument {
  const { overrides = [], swaps = [] } = roster;
  const isRecent = ({ to }: { readonly to: string }): boolean => parseInstant(to) >= at - rememberedMs;
  const added = { overrides: [], swaps: [], ...addition };
  return {
    ...roster,
    overrides: [...overrides.filter(isRecent), ...(added.overrides ?? [])],
    swaps: [...swaps.filter(isRecent), ...(added.swaps ?? [])],
  };
}

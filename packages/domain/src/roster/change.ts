import {
  type Instant,
  type ProblemField,
  type RosterDocument,
  formatInstant,
  parseInstant,
} from "@crossline/contracts";
import { layerName } from "./layers.ts";
import { compareDuty } from "./spans.ts";
import { everyDay } from "./turns.ts";
import { simulatedDays } from "./warnings.ts";

const dayMs = 86_400_000;
const rememberedMs = 90 * dayMs;

/** An addition to a roster: overrides or swaps. */
export type RosterAddition = Pick<RosterDocument, "overrides"> | Pick<RosterDocument, "swaps">;

/**
 * Returns the roster with one more override or swap. Overrides and swaps that ended more than 90 days ago are removed, so that
 * the lists do not reach their limits.
 */
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

/**
 * Returns a warning for each layer in which the person on duty changes because days without hours no longer count as turns. A
 * roster with such a layer was published when each day counted as a turn.
 */
export function* recountWarnings(roster: RosterDocument, at: Instant): Iterable<ProblemField> {
  const { spans } = compareDuty({ roster, count: everyDay }, { roster }, { from: at, to: at + simulatedDays * dayMs });
  for (const [index, layer] of roster.rotation.entries()) {
    const name = layerName(layer, index);
    const change = spans.find(({ before, after }) => before[name] !== after[name]);
    if (change === undefined) continue;
    const [before, after] = [change.before, change.after].map((seats) => seats[name] ?? "no person");
    yield {
      at: `/rotation/${index}`,
      message: `daily turns now count only the days with hours: from ${formatInstant(change.from)}, ${after} is on duty instead of ${before}; publish the roster again to confirm`,
    };
  }
}

/**
 * Returns a warning if a new version changes the people on duty at once. The author of the roster may have intended a later
 * start of the change.
 */
export function immediateChangeWarnings(
  before: RosterDocument,
  after: RosterDocument,
  at: Instant,
): readonly ProblemField[] {
  const { changesAt } = compareDuty({ roster: before }, { roster: after }, { from: at, to: at + 1 });
  const message =
    "changes the people on duty at once; if that is not intended, give the layer a period that begins later";
  return changesAt === undefined ? [] : [{ at: "/rotation", message }];
}

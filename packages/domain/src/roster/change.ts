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

/** Of a roster that was published while each day was a turn: the layers that have another person since turns are counted. */
export function* recountWarnings(roster: RosterDocument, at: Instant): Iterable<ProblemField> {
  const { spans } = compareDuty({ roster, count: everyDay }, { roster }, { from: at, to: at + simulatedDays * dayMs });
  for (const [index, layer] of roster.rotation.entries()) {
    const name = layerName(layer, index);
    const change = spans.find(({ before, after }) => before[name] !== after[name]);
    if (change === undefined) continue;
    const [before, after] = [change.before, change.after].map((seats) => seats[name] ?? "no person");
    yield {
      at: `/rotation/${index}`,
      message: `daily turns are counted over the days with hours: at ${formatInstant(change.from)} ${after} is on duty, not ${before}; publish the roster again to confirm`,
    };
  }
}

/** A new version that has other people on duty at once: its author may have meant it from a date on. */
export function immediateChangeWarnings(
  before: RosterDocument,
  after: RosterDocument,
  at: Instant,
): readonly ProblemField[] {
  const { changesAt } = compareDuty({ roster: before }, { roster: after }, { from: at, to: at + 1 });
  const message = "changes at once who is on duty; give the layer a period that begins later, if that is not meant";
  return changesAt === undefined ? [] : [{ at: "/rotation", message }];
}

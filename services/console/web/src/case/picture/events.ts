import type { CaseHandoffs, ClockHistoryResponse, JournalPage } from "@crossline/contracts";
import { msOf } from "../instants.ts";
import { deadlineOf } from "./lanes.ts";

type CaseHistory = {
  readonly history: ClockHistoryResponse;
  readonly handoffs?: CaseHandoffs | undefined;
  readonly facts: readonly Pick<JournalPage["items"][number], "at" | "type">[];
  readonly openedAt: string;
};

/** Returns the instants at which something happened: facts other than heartbeats, firings, and the changes of hand-offs. */
export function eventsOf({ history, handoffs, facts, openedAt }: CaseHistory): readonly number[] {
  const fired = history.clocks.flatMap(({ thresholds }) => thresholds.flatMap(({ firedAt }) => firedAt ?? []));
  const offered = (handoffs?.handoffs ?? []).flatMap((one) =>
    [one.offeredAt, one.claimedAt, one.acceptedAt, one.endedAt, one.settledAt].filter((at) => at !== undefined),
  );
  const told = facts.filter(({ type }) => type !== "handling.continued").map(({ at }) => at);
  const all = [openedAt, ...fired, ...offered, ...told].map(msOf);
  return [...new Set(all)].toSorted((one, other) => one - other);
}

/** Returns every instant that the axis must show: the events, the edges of the clocks' intervals, now, and the open deadlines. */
export function axisInstants(known: CaseHistory): readonly number[] {
  const edges = known.history.clocks.flatMap((life) => [
    life.startedAt,
    ...(life.endedAt === undefined ? [] : [life.endedAt]),
    ...life.counted.flatMap(({ from, to }) => [from, to]),
    ...life.rested.flatMap(({ from, to = from }) => [from, to]),
    ...[deadlineOf(life)].filter((at) => at !== undefined),
  ]);
  return [...eventsOf(known), ...[...edges, known.history.at].map(msOf)];
}

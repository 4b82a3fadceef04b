import type { CaseHandoffs } from "@crossline/contracts";
import { msOf } from "../instants.ts";

/** A time in which one company held the case. */
export type Holding = { readonly holder: string; readonly from: number; readonly to: number };

type HoldingHistory = Pick<CaseHandoffs, "carrier" | "handoffs"> & {
  readonly openedAt: string;
  readonly endedAt?: string | undefined;
};

const givesBack: ReadonlySet<string> = new Set(["returned", "withdrawn", "resolved", "confirmed", "reopened"]);

/**
 * Returns who held the case from its opening until `until`. A vendor holds a case from its acceptance on. After a transfer, the vendor stays
 * the holder until another vendor accepts.
 */
export function holdingsOf(
  { carrier, handoffs, openedAt, endedAt }: HoldingHistory,
  until: number,
): readonly Holding[] {
  const changes = handoffs.flatMap(({ vendor, acceptedAt, endedAt: ended, phase }) => {
    if (acceptedAt === undefined) return [];
    const back = ended !== undefined && givesBack.has(phase) ? [{ at: msOf(ended), holder: carrier }] : [];
    return [{ at: msOf(acceptedAt), holder: vendor }, ...back];
  });
  const end = Math.min(until, endedAt === undefined ? until : msOf(endedAt));
  const stretches: Holding[] = [];
  let current = { at: msOf(openedAt), holder: carrier };
  const close = (to: number): void => {
    if (to > current.at) stretches.push({ holder: current.holder, from: current.at, to });
  };
  for (const change of changes.toSorted((one, other) => one.at - other.at)) {
    if (change.at > end || change.holder === current.holder) continue;
    close(change.at);
    current = change;
  }
  close(end);
  return stretches;
}

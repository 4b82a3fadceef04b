import type { RosterDocument } from "@crossline/contracts";
import { type Window, compareDuty } from "./spans.ts";

/** The time in which one person is on duty in a layer without a change. */
type Shift = Window & { readonly layer: string; readonly person: string };

/** A time in which a roster has a person on duty at every instant, or at no instant. */
type Coverage = Window & { readonly isCovered: boolean };

/** The plan of a roster in a window. `to` is earlier than requested if the roster changes too often. */
export type DutyPlan = {
  readonly to: number;
  readonly shifts: readonly Shift[];
  readonly coverage: readonly Coverage[];
};

/**
 * Returns the shifts and the coverage of a roster in a window, in the order of their starts. A person in quiet hours is on duty, because
 * `mayWake` decides at each page whether the page waits.
 */
export function planDuty(roster: RosterDocument, window: Window): DutyPlan {
  const { spans, to } = compareDuty({ roster }, { roster }, window);
  const shifts: Shift[] = [];
  const coverage: Coverage[] = [];
  const running = new Map<string, number>();
  for (const { from, to: end, after } of spans) {
    for (const [layer, person] of Object.entries(after)) {
      const place = running.get(layer);
      const last = place === undefined ? undefined : shifts[place];
      if (place !== undefined && last?.person === person && last.to === from) shifts[place] = { ...last, to: end };
      else if (person !== null) running.set(layer, shifts.push({ from, to: end, layer, person }) - 1);
    }
    const isCovered = Object.values(after).some((person) => person !== null);
    const last = coverage.at(-1);
    if (last?.isCovered === isCovered) coverage[coverage.length - 1] = { ...last, to: end };
    else coverage.push({ from, to: end, isCovered });
  }
  return { to, shifts, coverage };
}

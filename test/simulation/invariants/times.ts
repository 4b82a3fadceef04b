import type { DurationMs, Instant } from "@crossline/contracts";
import { must } from "./violation.ts";

/**
 * The instant at which a case ended, if it has ended, and the instant at which the present holder became the holder.
 */
type CasePeriod = { readonly endedAt?: Instant | undefined; readonly heldSince: Instant };

type HolderTimes = {
  readonly held: Readonly<Record<string, DurationMs>>;
  readonly openedAt: Instant;
  readonly now: Instant;
};

/** Checks that the times by holder of one service add up to the time for which the case was open. */
export class Times {
  readonly #service: string;
  /** For each case, the milliseconds between its ends and the reopenings that followed. */
  readonly #endedMs = new Map<string, DurationMs>();

  constructor(service: string) {
    this.#service = service;
  }

  /** Checks the times by holder of a case. `held` contains the milliseconds for which each holder has held the case at `now`. */
  check(id: string, old: CasePeriod | undefined, state: CasePeriod, { held, openedAt, now }: HolderTimes): void {
    // One commit can contain a reopening and the next end.
    if (old?.endedAt !== undefined && state.endedAt !== old.endedAt)
      this.#endedMs.set(id, (this.#endedMs.get(id) ?? 0) + state.heldSince - old.endedAt);
    let sum = 0;
    for (const holder in held) sum += held[holder]!;
    const open = (state.endedAt ?? now) - openedAt - (this.#endedMs.get(id) ?? 0);
    const says = (): string =>
      `${this.#service} ${id}: the times by holder add up to ${sum} ms, but the case was open for ${open} ms`;
    must("3: one holder, a running clock, times that add up", sum === open, says);
  }
}

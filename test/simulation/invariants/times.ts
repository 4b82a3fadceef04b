import type { DurationMs, Instant } from "@crossline/contracts";
import { must } from "./violation.ts";

/** What of a case tells how long it was open, and whose. */
type CasePeriod = { readonly endedAt?: Instant | undefined; readonly heldSince: Instant };

type HolderTimes = {
  readonly held: Readonly<Record<string, DurationMs>>;
  readonly openedAt: Instant;
  readonly now: Instant;
};

/** The times by holder, as one service keeps them: they add up to the time for which the case was open. */
export class Times {
  readonly #service: string;
  /** Milliseconds between ends and reopenings, by case. */
  readonly #over = new Map<string, DurationMs>();

  constructor(service: string) {
    this.#service = service;
  }

  /** `held`: by holder, at `now`. */
  check(id: string, old: CasePeriod | undefined, state: CasePeriod, { held, openedAt, now }: HolderTimes): void {
    if (old?.endedAt !== undefined && state.endedAt === undefined)
      this.#over.set(id, (this.#over.get(id) ?? 0) + state.heldSince - old.endedAt);
    let sum = 0;
    for (const holder in held) sum += held[holder]!;
    const open = (state.endedAt ?? now) - openedAt - (this.#over.get(id) ?? 0);
    const says = (): string =>
      `${this.#service} ${id}: its holders had it for ${sum} ms, and it was open for ${open} ms`;
    must("3: one holder, a running clock, times that add up", sum === open, says);
  }
}

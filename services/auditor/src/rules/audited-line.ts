import type { DurationMs, Instant } from "@crossline/contracts";
import { type Calendar, always } from "./calendar.ts";
import type { AuditedClock } from "./audited-clock.ts";
import type { Obligation } from "./obligation.ts";

/** A line as the auditor reads it, with the clocks that the auditor can audit and the unaudited clocks. */
export type AuditedLine = {
  /** True for an observing line, which implies no clock. Under an observing line, a breached `stall.idle` does not restart. */
  readonly observes: boolean;
  readonly obligations: readonly Obligation[];
  /** Maps each clock name to its obligation. All promises have the obligation `promise`. */
  readonly byName: ReadonlyMap<string, Obligation>;
  /**
   * The line steps that wait for open hours, by index. The value of a step contains the queue or roster, and the hours in which
   * `vendor.acceptance` counts. If the hours are unknown, `hours` is undefined.
   */
  readonly waits: ReadonlyMap<number, { readonly to: string; readonly hours: Calendar | undefined }>;
  /** Returns the latest safe crossing of a case with a need-by. */
  readonly latestSafe?: (needBy: Instant) => Instant;
  /** The minimum time for which a handling is live if it starts under this line and no event ends it. */
  readonly handlingMaxMs?: DurationMs;
  readonly unaudited: readonly {
    readonly clock: string;
    readonly kind: string;
    readonly reason: "kind" | "calendar";
  }[];
};

/** Returns the line's obligation for an open clock, or undefined if the line has no such clock. */
export function obligationOf(
  line: AuditedLine,
  { kind, name }: Pick<AuditedClock, "kind" | "name">,
): Obligation | undefined {
  const obligation = line.byName.get(kind === "promise" ? "promise" : name);
  return obligation?.kind === kind ? obligation : undefined;
}

/** Returns the hours in which an open clock counts. */
export function hoursOf(line: AuditedLine, clock: Pick<AuditedClock, "kind" | "name" | "step">): Calendar {
  if (clock.step !== undefined) return line.waits.get(clock.step)?.hours ?? always;
  return obligationOf(line, clock)?.calendar ?? always;
}

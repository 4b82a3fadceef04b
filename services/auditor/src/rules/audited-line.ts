import type { DurationMs, Instant } from "@crossline/contracts";
import { type Calendar, always } from "./calendar.ts";
import type { AuditedClock } from "./audited-clock.ts";
import type { Obligation } from "./obligation.ts";

/** A line as the auditor reads it: what it must see fire, and what it has no rules for. */
export type AuditedLine = {
  /** Nothing crosses: no clock is implied, and a breached stall.idle does not restart. */
  readonly observes: boolean;
  readonly obligations: readonly Obligation[];
  /** The same by name; of a promise's clock, by its kind. */
  readonly byName: ReadonlyMap<string, Obligation>;
  /** Steps that wait for open hours: the queue, and the hours in which its answer counts (undefined: unknown). */
  readonly waits: ReadonlyMap<number, { readonly to: string; readonly hours: Calendar | undefined }>;
  /** The latest safe crossing of a case with a need-by. */
  readonly latestSafe?: (needBy: Instant) => Instant;
  /** Handlings that start under it count so long at least, unless they are ended. */
  readonly handlingMaxMs?: DurationMs;
  readonly unaudited: readonly {
    readonly clock: string;
    readonly kind: string;
    readonly reason: "kind" | "calendar";
  }[];
};

/** What the line says of a running clock; undefined where it says nothing (any more). */
export function obligationOf(
  line: AuditedLine,
  { kind, name }: Pick<AuditedClock, "kind" | "name">,
): Obligation | undefined {
  const obligation = line.byName.get(kind === "promise" ? "promise" : name);
  return obligation?.kind === kind ? obligation : undefined;
}

/** In which hours a running clock counts. */
export function hoursOf(line: AuditedLine, clock: Pick<AuditedClock, "kind" | "name" | "step">): Calendar {
  if (clock.step !== undefined) return line.waits.get(clock.step)?.hours ?? always;
  return obligationOf(line, clock)?.calendar ?? always;
}

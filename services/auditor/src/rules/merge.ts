import { type ClockKind, type DurationMs, type EventOf, type Instant, parseInstant } from "@crossline/contracts";
import type { Calendar } from "./calendar.ts";
import type { CaseChange } from "./case-change.ts";
import { hoursOf } from "./audited-line.ts";
import { type AuditedClock, countedBy } from "./audited-clock.ts";
import { type Obligation, targetOf } from "./obligation.ts";

type MergeChange = CaseChange & { readonly event: EventOf<"case.merged"> };
type CarriedClock = EventOf<"case.merged">["data"]["clocks"][number];

const handlingKinds: readonly ClockKind[] = ["stall.busy", "handling.limit"];
const owedToCustomer: readonly ClockKind[] = ["first-response", "next-update", "reply", "resolution", "need-by"];

/** Returns whether the event merges another case into this case. */
export function isMerged(change: CaseChange): change is MergeChange {
  return change.event.type === "case.merged";
}

/**
 * Compares `running`, a clock of the target case, with the same clock of the source case. If the clock of the source case has
 * the earlier deadline, gives `running` this deadline, and adds the difference to the counted time of `running`.
 */
export function keepEarlierDeadline(change: MergeChange, running: AuditedClock): void {
  const { event, line, after } = change;
  if (running.next >= running.thresholds.length) return;
  const hours = hoursOf(line, running);
  const latest = after.needBy === undefined ? undefined : line.latestSafe?.(after.needBy);
  if (running.kind === "need-by" && latest !== undefined && Math.max(0, latest - running.began) < running.target) {
    running.target = Math.max(0, latest - running.began);
    running.notBefore = event.time;
  }
  const other = event.data.clocks.find(({ clock, kind }) => clock === running.name && kind === running.kind);
  if (other === undefined) return;
  const more = running.target - countedBy(running, event.time, hours) - leftOf(other, hours, event.time);
  if (more <= 0) return;
  beginEarlier(running, hours.subtract(running.began, more), more);
  running.notBefore = event.time;
}

/**
 * Adds counted time before the start of a clock. If the first interval begins at the start, the interval begins earlier. A pause before
 * the old start, for example by an answer that the timer read late, must still pause the clock.
 */
export function beginEarlier(clock: AuditedClock, began: Instant, more: DurationMs): void {
  const [first, ...rest] = clock.counted;
  if (first === undefined && clock.from === clock.began) clock.from = began;
  else {
    clock.counted =
      first?.[0] === clock.began ? [[began, first[1]], ...rest] : [[began, clock.began], ...clock.counted];
    clock.spent += more;
  }
  clock.began = began;
}

/**
 * Copies the clocks of the source case for the target case, and returns the copies. Skips a clock if the target case has an open clock
 * with the same name.
 */
export function carryClocks(change: MergeChange): AuditedClock[] {
  const { event, after, line } = change;
  return event.data.clocks.flatMap((carried) => {
    const obligation = line.obligations.find(({ name, kind }) => name === carried.clock && kind === carried.kind);
    if (obligation === undefined || after.meters.some(({ name }) => name === carried.clock)) return [];
    if (carried.kind === "stall.busy" && after.membership !== undefined) return [];
    const isHolders = handlingKinds.includes(carried.kind) && carried.charged === after.holder && !after.crossed;
    return isHolders || owedToCustomer.includes(carried.kind) ? [clockOf(change, obligation, carried)] : [];
  });
}

function clockOf({ event, after, line }: MergeChange, obligation: Obligation, carried: CarriedClock): AuditedClock {
  const { time, sequence } = event;
  const { name, kind, thresholds, targets } = obligation;
  const hours = hoursOf(line, obligation);
  const latest = kind !== "need-by" || after.needBy === undefined ? undefined : line.latestSafe?.(after.needBy);
  const left = Math.min(leftOf(carried, hours, time), latest === undefined ? Infinity : Math.max(0, latest - time));
  const fullTarget = kind === "need-by" ? 0 : targetOf(targets, after.severity, false);
  const spent = Math.max(0, fullTarget - left);
  const began = hours.subtract(time, spent);
  return {
    name,
    kind,
    incarnation: `case/${sequence}`,
    charged: carried.charged,
    began,
    target: Math.max(left, fullTarget),
    thresholds,
    next: 0,
    spent,
    counted: spent > 0 ? [[began, time]] : [],
    from: handlingKinds.includes(kind) ? undefined : time,
    to: undefined,
    restedAt: time,
    ...((left > fullTarget || kind === "need-by") && { fixed: true }),
    ...(spent > 0 && { notBefore: time }),
  };
}

function leftOf({ dueAt, leftMs }: CarriedClock, hours: Calendar, at: number): DurationMs {
  return dueAt === undefined ? leftMs : hours.between(at, parseInstant(dueAt));
}

import { type ClockKind, type DurationMs, type EventOf, parseInstant } from "@crossline/contracts";
import type { Calendar } from "./calendar.ts";
import type { Turn } from "./turn.ts";
import { hoursOf } from "./audited-line.ts";
import { type Meter, countedBy } from "./meter.ts";
import { type Obligation, targetOf } from "./obligation.ts";

type Merged = Turn & { readonly happening: EventOf<"case.merged"> };
type Carried = EventOf<"case.merged">["data"]["clocks"][number];

const onTheLine: readonly ClockKind[] = ["stall.busy", "handling.limit"];
const owedToCustomer: readonly ClockKind[] = ["first-response", "next-update", "reply", "resolution", "need-by"];

export function isMerged(turn: Turn): turn is Merged {
  return turn.happening.type === "case.merged";
}

/** Where the other case's deadline was the earlier one, the clock has counted so much more. */
export function keepEarlier(turn: Merged, meter: Meter): void {
  const { happening, line, after } = turn;
  if (meter.next >= meter.thresholds.length) return;
  const hours = hoursOf(line, meter);
  const latest = after.needBy === undefined ? undefined : line.latestSafe?.(after.needBy);
  if (meter.kind === "need-by" && latest !== undefined && Math.max(0, latest - meter.began) < meter.target) {
    meter.target = Math.max(0, latest - meter.began);
    meter.notBefore = happening.time;
  }
  const other = happening.data.clocks.find(({ clock, kind }) => clock === meter.name && kind === meter.kind);
  if (other === undefined) return;
  const more = meter.target - countedBy(meter, happening.time, hours) - leftOf(other, hours, happening.time);
  if (more <= 0) return;
  const began = hours.subtract(meter.began, more);
  meter.spent += more;
  meter.counted = [[began, meter.began], ...meter.counted];
  meter.began = began;
  meter.notBefore = happening.time;
}

/** The clocks that only the other case had, as they begin here. */
export function carriedOver(turn: Merged): Meter[] {
  const { happening, after, line } = turn;
  return happening.data.clocks.flatMap((carried) => {
    const obligation = line.obligations.find(({ name, kind }) => name === carried.clock && kind === carried.kind);
    if (obligation === undefined || after.meters.some(({ name }) => name === carried.clock)) return [];
    const isHolders = onTheLine.includes(carried.kind) && carried.charged === after.holder && !after.crossed;
    return isHolders || owedToCustomer.includes(carried.kind) ? [meterOf(turn, obligation, carried)] : [];
  });
}

function meterOf({ happening, after, line }: Merged, obligation: Obligation, carried: Carried): Meter {
  const { time, sequence } = happening;
  const { name, kind, thresholds, targets } = obligation;
  const hours = hoursOf(line, obligation);
  const latest = kind !== "need-by" || after.needBy === undefined ? undefined : line.latestSafe?.(after.needBy);
  const left = Math.min(leftOf(carried, hours, time), latest === undefined ? Infinity : Math.max(0, latest - time));
  const asked = kind === "need-by" ? 0 : targetOf(targets, after.severity, false);
  const spent = Math.max(0, asked - left);
  const began = hours.subtract(time, spent);
  return {
    name,
    kind,
    incarnation: `case/${sequence}`,
    charged: carried.charged,
    began,
    target: Math.max(left, asked),
    thresholds,
    next: 0,
    spent,
    counted: spent > 0 ? [[began, time]] : [],
    from: onTheLine.includes(kind) ? undefined : time,
    to: undefined,
    restedAt: time,
    ...((left > asked || kind === "need-by") && { fixed: true }),
    ...(spent > 0 && { notBefore: time }),
  };
}

function leftOf({ dueAt, leftMs }: Carried, hours: Calendar, at: number): DurationMs {
  return dueAt === undefined ? leftMs : hours.between(at, parseInstant(dueAt));
}

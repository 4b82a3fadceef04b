import {
  type Instant,
  type RosterDocument,
  type RosterPerson,
  type RotationLayer,
  type Severity,
  parseInstant,
} from "@crossline/contracts";
import { instantOf, localAt } from "./local-time.ts";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const severities: readonly Severity[] = ["critical", "major", "minor"];

/**
 * The people on duty at an instant, each once, in the order of the layers: an override stands in for all of them, a swap
 * exchanges two. Those in their quiet hours are left out, unless the page goes through them.
 */
export function onDuty(roster: RosterDocument, at: Instant, throughQuietHours: boolean): readonly RosterPerson[] {
  return everybodyOnDuty(roster, at).filter((person) => throughQuietHours || !isQuiet(person, at));
}

function everybodyOnDuty(roster: RosterDocument, at: Instant): readonly RosterPerson[] {
  const override = roster.overrides?.find((one) => isWithin(one, at));
  const ids =
    override === undefined
      ? roster.rotation.map((layer) => turnOf(layer, at)).map((id) => id && swapped(roster, id, at))
      : [override.person];
  return [...new Set(ids)].flatMap((id) => roster.people.find((person) => person.id === id) ?? []);
}

/** Whether this person is not to be woken at an instant. */
export function isQuiet({ quiet }: RosterPerson, at: Instant): boolean {
  if (quiet === undefined) return false;
  const { from, to, zone } = quiet;
  const time = localAt(at, zone).toPlainTime().toString().slice(0, 5);
  return from < to ? from <= time && time < to : time >= from || time < to;
}

/** Whether a page for a case of this severity goes through the quiet hours of a roster's people. */
export function mayWake({ emergency = false, mayWake: who = "critical" }: RosterDocument, severity: Severity): boolean {
  if (emergency || typeof who === "boolean") return emergency || who === true;
  return severities.indexOf(severity) <= severities.indexOf(who);
}

function swapped({ swaps = [] }: RosterDocument, id: string, at: Instant): string {
  const swap = swaps.find((one) => one.between.includes(id) && isWithin(one, at));
  return swap?.between.find((other) => other !== id) ?? id;
}

function isWithin({ from, to }: { readonly from: string; readonly to: string }, at: Instant): boolean {
  return parseInstant(from) <= at && at < parseInstant(to);
}

/** Whose turn it is in a layer. A handover that day-light saving skips or repeats happens once all the same. */
function turnOf({ turn, handover: time, zone, start, order, hours }: RotationLayer, at: Instant): string | undefined {
  const date = localAt(at, zone).toPlainDate();
  if (hours !== undefined && !isOpen(hours, date, zone, at)) return undefined;
  const hasHandedOver = at >= instantOf({ date, time, zone }, "start");
  const days = Temporal.PlainDate.from(start).until(date, { largestUnit: "days" }).days - (hasHandedOver ? 0 : 1);
  if (days < 0) return undefined;
  return order[Math.floor(days / (turn === "weekly" ? 7 : 1)) % order.length];
}

function isOpen(
  hours: NonNullable<RotationLayer["hours"]>,
  date: Temporal.PlainDate,
  zone: string,
  at: Instant,
): boolean {
  const weekday = weekdays[date.dayOfWeek - 1];
  const intervals = weekday === undefined ? [] : (hours[weekday] ?? []);
  return intervals.some((interval) => {
    const [from = "", to = ""] = interval.split("-");
    return instantOf({ date, time: from, zone }, "start") <= at && at < instantOf({ date, time: to, zone }, "end");
  });
}

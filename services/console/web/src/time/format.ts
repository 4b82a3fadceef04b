/** Every instant and duration of the screens is formatted here, in 24-hour time and with the zone of the thing to which it belongs. */

/** The zone of the browser. */
export const viewerZone = Temporal.Now.timeZoneId();

/** Formats the time of day, for example `09:20:00`. */
export function timeOfDay(at: string, zone: string, precision: "minute" | "second" = "second"): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: precision });
}

/** Formats the day and the time of day, for example `Sat 7 Mar 09:20`. The year is left out if it is the year of `now`. */
export function dayAndTime(at: string, zone: string, now: number): string {
  const moment = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  return `${dayOf(moment, now)} ${moment.toPlainTime().toString({ smallestUnit: "minute" })}`;
}

/** Formats an instant as short as it stays clear: the time of day on the day of `now`, and otherwise with the day. */
export function instantText(at: string, zone: string, now: number): string {
  const isToday = dateOf(at, zone) === dateOf(Temporal.Instant.fromEpochMilliseconds(now).toString(), zone);
  return isToday ? timeOfDay(at, zone) : dayAndTime(at, zone, now);
}

/** Formats the day of an instant, for example `Sat 7 Mar`. The year is left out if it is the year of `now`. */
export function dayText(at: string, zone: string, now: number): string {
  return dayOf(Temporal.Instant.from(at).toZonedDateTimeISO(zone), now);
}

/** Returns the date of an instant in a zone, for example `2026-03-07`. */
export function dateOf(at: string, zone: string): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Formats an instant completely, for a tooltip: in the zone of the thing, of the viewer and in UTC. */
export function completeText(at: string, zone: string): string {
  return [...new Set([zone, viewerZone, "UTC"])]
    .map((name) => {
      const moment = Temporal.Instant.from(at).toZonedDateTimeISO(name);
      return `${moment.toPlainDate().toString()} ${moment.toPlainTime().toString({ smallestUnit: "second" })} ${zoneName(name)}`;
    })
    .join("\n");
}

/** Returns the short name of a zone: its city, or `UTC`. */
export function zoneName(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** Formats a duration with its two largest units, for example `1 h 04 min` or `45 s`. A negative duration has a minus sign. */
export function durationText(ms: number): string {
  const sign = ms < 0 ? "−" : "";
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  if (days >= 2) return `${sign}${days} d ${hours % 24} h`;
  if (hours >= 1) return `${sign}${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  if (minutes >= 1) return `${sign}${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${sign}${seconds} s`;
}

/** Formats a duration like a clock, for a column: `0:48`, `12:05`, `3 h 04`. */
export function countdownText(ms: number): string {
  const sign = ms < 0 ? "−" : "";
  const seconds = Math.floor(Math.abs(ms) / 1000);
  if (seconds >= 86_400) return `${sign}${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
  if (seconds >= 3600) {
    return `${sign}${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")}`;
  }
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function dayOf(moment: Temporal.ZonedDateTime, now: number): string {
  const sameYear =
    moment.year === Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(moment.timeZoneId).year;
  // The separators of a complete format differ between versions of ICU.
  const weekday = moment.toLocaleString("en", { weekday: "short" });
  const month = moment.toLocaleString("en", { month: "short" });
  return `${weekday} ${moment.day} ${month}${sameYear ? "" : ` ${moment.year}`}`;
}

import type { CalendarDocument, Instant } from "@crossline/contracts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/**
 * Returns for each minute whether the calendar is open. The walk takes local times from Intl, and the calendar takes them from
 * Temporal. An interval begins with the first minute at or after its local start. The interval ends just before the last minute
 * whose local time is the local end. If the local end is skipped, the interval ends after the last earlier minute.
 */
export function walk(document: CalendarDocument, from: Instant, to: Instant): boolean[] {
  const localTime = localTimeOf(document.zone);
  const clock: number[] = [];
  for (let at = from; at < to; at += minuteMs) clock.push(localTime(at));
  const open = clock.map(() => false);
  const days = clock.map((local) => Math.floor(local / dayMs));
  for (let day = Math.min(...days) - 1; day <= Math.max(...days) + 1; day++) {
    for (const interval of intervalsOf(document, day)) {
      const [begin, end] = interval.split("-").map((time) => day * dayMs + minutesOf(time) * minuteMs);
      const first = clock.findIndex((local) => local >= (begin ?? 0));
      const endAt = clock.lastIndexOf(end ?? 0);
      const stop = endAt >= 0 ? endAt : clock.findLastIndex((local) => local < (end ?? 0)) + 1;
      if (first >= 0 && first < stop) open.fill(true, first, stop);
    }
  }
  return open;
}

function intervalsOf({ week, exceptions = [] }: CalendarDocument, day: number): readonly string[] {
  const date = new Date(day * dayMs);
  const exception = exceptions.find((each) => each.date === date.toISOString().slice(0, 10));
  return exception?.open ?? week[weekdays[date.getUTCDay()] ?? "sun"] ?? [];
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Returns the local time in a zone, in milliseconds since 1970 as if the zone were UTC. */
function localTimeOf(timeZone: string): (at: Instant) => number {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  return (at) => {
    const text = format.format(at);
    const number = (begin: number, length: number): number => Number(text.slice(begin, begin + length));
    return Date.UTC(number(0, 4), number(5, 2) - 1, number(8, 2), number(12, 2), number(15, 2));
  };
}

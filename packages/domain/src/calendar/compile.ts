import type { CalendarDocument, CalendarRef } from "@crossline/contracts";
import { type Calendar, allHours } from "./calendar.ts";
import { type Span, type Stretch, join, makeSpan, spanDays } from "./span.ts";
import { readDates } from "./week.ts";
import { beginningOf, endOf, offsetsOf } from "./zone.ts";

const dayMs = 86_400_000;
/**
 * The calculation of a span also covers this number of days before and after the span. An interval that began before the span
 * can reach into the span. The margin is longer than every offset from UTC and every change to or from daylight saving time.
 */
const marginDays = 3;
const cachedSpansMax = 32;

/** Compiles a published document into a calendar. The calendar calculates each span at its first use and caches the span. */
export function compileCalendar(ref: CalendarRef, document: CalendarDocument): Calendar {
  const dates = readDates(document);
  const stretchesOf = (index: number): Stretch[] => {
    const firstDay = index * spanDays - marginDays;
    const lastDay = (index + 1) * spanDays + marginDays;
    const offsets = offsetsOf(document.zone, (firstDay - marginDays) * dayMs, (lastDay + marginDays) * dayMs);
    const stretches: Stretch[] = [];
    for (let day = firstDay; day <= lastDay; day++) {
      for (const [from, to] of dates(day)) {
        stretches.push([beginningOf(offsets, day * dayMs + from), endOf(offsets, day * dayMs + to)]);
      }
    }
    return join(stretches.filter(([from, to]) => from < to));
  };
  return {
    name: `${ref.party}/${ref.name}`,
    version: ref.version,
    refs: [ref],
    span: cacheSpans((index) => makeSpan(index, stretchesOf(index))),
  };
}

/** Returns the hours in which all of the given calendars are open. */
export function commonHours(calendars: readonly Calendar[]): Calendar {
  const [first, ...others] = calendars.filter(({ span }) => span !== undefined);
  if (first === undefined) return allHours;
  if (others.length === 0) return first;
  const all = [first, ...others];
  return {
    name: all.map(({ name, version }) => `${name}@${version}`).join(" & "),
    version: Math.max(...all.map(({ version }) => version)),
    refs: all.flatMap(({ refs }) => refs),
    span: cacheSpans((index) => {
      const spans = all.flatMap(({ span }) => (span === undefined ? [] : [span(index)]));
      // A single calendar that never opens counts as 24x7. Two or more calendars have no common hours if one of them never
      // opens.
      if (spans.some(({ isForced }) => isForced)) return makeSpan(index, []);
      const [open, ...rest] = spans.map(stretchesIn);
      return makeSpan(
        index,
        rest.reduce((both, each) => overlap(both, each), open ?? []),
      );
    }),
  };
}

function stretchesIn({ from, to }: Span): Stretch[] {
  return Array.from(from, (begin, index): Stretch => [begin, to[index] ?? begin]);
}

function overlap(one: readonly Stretch[], other: readonly Stretch[]): Stretch[] {
  const both: Stretch[] = [];
  for (let a = 0, b = 0; ;) {
    const [x, y] = [one[a], other[b]];
    if (x === undefined || y === undefined) return both;
    const [from, to] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
    if (from < to) both.push([from, to]);
    if (x[1] < y[1]) a++;
    else b++;
  }
}

/**
 * Returns a function that caches the spans of `make`. The function first tries the span of the previous call, because most
 * calls need this span again.
 */
function cacheSpans(make: (index: number) => Span): (index: number) => Span {
  const spans = new Map<number, Span>();
  let lastIndex: number | undefined;
  let last = makeSpan(0, []);
  return (index) => {
    if (index === lastIndex) return last;
    let span = spans.get(index);
    if (span === undefined) {
      span = make(index);
      if (spans.size >= cachedSpansMax) spans.clear();
      spans.set(index, span);
    }
    lastIndex = index;
    last = span;
    return span;
  };
}

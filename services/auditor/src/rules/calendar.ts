import type { CalendarDocument, DurationMs, Hours, Instant, PinnedCalendar } from "@crossline/contracts";
import { type OpenInterval, overlapOf, walkDays } from "./local-days.ts";

/** Open hours, as the rules need them. */
export type Calendar = {
  /** Two calendars with the same identity have the same open hours. */
  readonly identity: string;
  /** Returns the open time between two instants. */
  readonly between: (from: Instant, to: Instant) => DurationMs;
  /**
   * Returns the first instant at which `open` milliseconds of open time have passed. If `open` is 0, returns `from`, or the next
   * opening if the calendar is closed at `from`.
   */
  readonly add: (from: Instant, open: DurationMs) => Instant;
  /** Returns the last instant from which `open` milliseconds of open time pass until `to`. */
  readonly subtract: (to: Instant, open: DurationMs) => Instant;
};

/** The calendar `24x7`. */
export const always: Calendar = {
  identity: "24x7",
  between: (from, to) => Math.max(0, to - from),
  add: (from, open) => from + open,
  subtract: (to, open) => to - open,
};

/**
 * Returns the calendar for the hours that a line names. Returns undefined if the line does not pin a calendar of these hours, or if the
 * weeks have no common open hour. If the result is undefined, the clocks with these hours are unaudited.
 */
export function calendarOf(hours: Hours, pinned: Readonly<Record<string, PinnedCalendar>>): Calendar | undefined {
  const names = [...new Set(typeof hours === "string" ? [hours] : hours)].filter((name) => name !== "24x7");
  if (names.length === 0) return always;
  const documents = names.flatMap((name) => (Object.hasOwn(pinned, name) ? [pinned[name]?.document] : []));
  if (documents.length < names.length) return undefined;
  const all = documents.filter((document) => document !== undefined);
  return hasWeeklyHours(all) ? createCalendar(all) : undefined;
}

const dayMs = 86_400_000;
const sampleYearStart = Date.UTC(2026, 0, 1);

/**
 * Returns whether the weeks of all calendars have common open hours. The function ignores the exceptions of the calendars. The function
 * compares the weeks of several calendars over a year, because the zones can differ.
 */
function hasWeeklyHours(documents: readonly CalendarDocument[]): boolean {
  const weeks = documents.map(({ calendar, zone, week }) => ({ calendar, zone, week }));
  const isOpen = ({ week }: CalendarDocument): boolean => Object.values(week).some((open) => (open ?? []).length > 0);
  if (weeks.length === 1) return weeks.every(isOpen);
  return walkTogether(weeks, sampleYearStart, sampleYearStart + 366 * dayMs).length > 0;
}

function walkTogether(documents: readonly CalendarDocument[], from: Instant, to: Instant): OpenInterval[] {
  return documents.map((document) => walkDays(document, from, to)).reduce(overlapOf);
}

/** The calendar calculates and caches open intervals in blocks of 32 days. */
const blockMs = 32 * dayMs;
const blocksMax = 64;
/** The number of blocks without open hours after which a calendar counts as closed for ever. */
const closedBlocksMax = 125;

type Block = { readonly stretches: readonly OpenInterval[]; readonly open: DurationMs };

function createCalendar(documents: readonly CalendarDocument[]): Calendar {
  const blocks = new Map<number, Block>();

  function block(index: number): Block {
    const cached = blocks.get(index);
    if (cached !== undefined) return cached;
    if (blocks.size >= blocksMax) blocks.clear();
    const stretches = walkTogether(documents, index * blockMs, (index + 1) * blockMs);
    const created = { stretches, open: stretches.reduce((sum, [start, end]) => sum + end - start, 0) };
    blocks.set(index, created);
    return created;
  }

  function between(from: Instant, to: Instant): DurationMs {
    if (to <= from) return 0;
    const [first, last] = [Math.floor(from / blockMs), Math.floor(to / blockMs)];
    let open = 0;
    for (let index = first; index <= last; index++) {
      const { stretches, open: whole } = block(index);
      if (index > first && index < last) open += whole;
      else for (const [start, end] of stretches) open += Math.max(0, Math.min(end, to) - Math.max(start, from));
    }
    return open;
  }

  function add(from: Instant, open: DurationMs): Instant {
    const first = Math.floor(from / blockMs);
    let left = open;
    for (let index = first, closedBlocks = 0; closedBlocks < closedBlocksMax; index++) {
      const { stretches, open: whole } = block(index);
      closedBlocks = whole > 0 ? 0 : closedBlocks + 1;
      if (index > first && whole < left) left -= whole;
      else
        for (const [start, end] of stretches) {
          if (end <= from) continue;
          const begin = Math.max(start, from);
          if (end - begin >= left) return begin + left;
          left -= end - begin;
        }
    }
    return Infinity;
  }

  function subtract(to: Instant, open: DurationMs): Instant {
    const last = Math.floor(to / blockMs);
    let left = open;
    for (let index = last, closedBlocks = 0; closedBlocks < closedBlocksMax; index--) {
      const { stretches, open: whole } = block(index);
      closedBlocks = whole > 0 ? 0 : closedBlocks + 1;
      if (index < last && whole < left) left -= whole;
      else
        for (const [start, end] of stretches.toReversed()) {
          if (start >= to) continue;
          const stop = Math.min(end, to);
          if (stop - start >= left) return stop - left;
          left -= stop - start;
        }
    }
    return -Infinity;
  }

  return { identity: JSON.stringify(documents), between, add, subtract };
}

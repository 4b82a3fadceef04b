import type { CalendarDocument } from "@crossline/contracts";
import { type Calendar, addOpen, allHours, compileCalendar } from "@crossline/domain";
import { type Bench, interleave, median, ratioOf } from "./frame.ts";

const hourMs = 3_600_000;
const office = ["08:00-12:00", "13:00-18:30"];
const years = [2024, 2025, 2026, 2027, 2028];
/** A desk in Toronto with a lunch break, Saturdays, and ten holidays and two short days in each of five years. */
const document: CalendarDocument = {
  calendar: "care",
  zone: "America/Toronto",
  week: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: ["09:00-14:00"] },
  exceptions: years.flatMap((year) => [
    ...["01-01", "02-16", "04-03", "05-18", "07-01", "08-03", "09-07", "10-12", "12-25", "12-26"].map((day) => ({
      date: `${year}-${day}`,
      open: [],
    })),
    ...["12-24", "12-31"].map((day) => ({ date: `${year}-${day}`, open: ["09:00-13:00"] })),
  ]),
};

/** The number of deadlines per second that one core calculates in a calendar of opening hours. */
export const calendarSums: Bench = {
  name: "calendar",
  title: "Deadlines in opening hours",
  about:
    "The benchmark calculates deadlines for targets of 20 minutes to 100 hours of open time, from instants within two years. The calendar of the desk has a lunch break, Saturdays, holidays, and a zone with summer time. One process uses one core. The reference is the calendar that never closes, whose calculation only adds two numbers.",
  async run(scale) {
    const care = compileCalendar({ party: "northtel", name: "care", version: 1 }, document);
    const count = scale === "quick" ? 500_000 : 5_000_000;
    for (const calendar of [care, allHours]) rateOf(calendar, 100_000);
    const { open, always } = await interleave(scale === "quick" ? 3 : 7, {
      open: () => Promise.resolve(rateOf(care, count)),
      always: () => Promise.resolve(rateOf(allHours, count)),
    });
    const cold = coldMs();
    return {
      figures: [
        {
          name: "deadlines per core",
          figure: `${Math.round(median(open)).toLocaleString("en")}/s`,
          ...ratioOf(open, always),
          against: `24x7, ${Math.round(median(always)).toLocaleString("en")}/s`,
          value: median(open),
          must: { atLeast: 100_000 },
        },
      ],
      remarks: [
        `The first deadline of a calendar takes ${cold.toFixed(2)} ms: it calculates the open times of 400 days and keeps them.`,
      ],
    };
  },
};

/**
 * Returns the number of deadlines that one core calculates per second. The instants and targets are too many for a
 * cache of results.
 */
function rateOf(calendar: Calendar, count: number): number {
  const began = Date.UTC(2025, 0, 1);
  const twoYears = 730 * 24 * hourMs;
  let seed = 1;
  let sum = 0;
  const started = performance.now();
  for (let index = 0; index < count; index++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const share = seed / 2_147_483_648;
    sum += addOpen(calendar, began + Math.floor(share * twoYears), hourMs / 3 + (seed % (100 * hourMs)));
  }
  const seconds = (performance.now() - started) / 1000;
  if (!(sum > 0)) throw new Error("the sum of the deadlines is not positive");
  return count / seconds;
}

function coldMs(): number {
  const took = Array.from({ length: 20 }, (_, version) => {
    const calendar = compileCalendar({ party: "northtel", name: "care", version }, document);
    const started = performance.now();
    addOpen(calendar, Date.UTC(2026, 0, 1), hourMs);
    return performance.now() - started;
  });
  return median(took);
}

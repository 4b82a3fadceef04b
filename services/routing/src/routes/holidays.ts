import { type CalendarException, type HolidayList, holidayList, holidaysQuery, refusal } from "@crossline/contracts";
import { type Http, send } from "@crossline/service";
import type { RouteDeps } from "./deps.ts";

const dayMs = 86_400_000;
const source =
  "date-holidays 3.37.0 (https://github.com/commenthol/date-holidays); its data is from Wikipedia, CC BY-SA 3.0. Review the dates before you use them.";

/**
 * Registers the route that lists a country's public holidays as calendar exceptions. A person reviews the exceptions and adds
 * them to a calendar.
 */
export function serveHolidays(http: Http, { allow }: RouteDeps): void {
  http.get(
    "/v1/holidays",
    {
      onRequest: allow("carrier", "vendor", "operator"),
      schema: {
        operationId: "listHolidays",
        tags: ["calendars"],
        summary: "List public holidays as calendar exceptions to review",
        querystring: holidaysQuery,
        response: { 200: holidayList },
      },
    },
    async (request, reply) => {
      const { country, region, year } = request.query;
      // The library `date-holidays` contains a megabyte of rules, and most processes never need them. The route therefore
      // imports the library at the first request.
      const { default: Holidays } = await import("date-holidays");
      const known = new Holidays();
      const unknown = (at: string, message: string) =>
        refusal("invalid_request", `The query is not valid: ${at} ${message}.`, { fields: [{ at, message }] });
      if (!Object.hasOwn(known.getCountries("en") ?? {}, country)) {
        return send(reply, 200, unknown("country", `${country} has no list of holidays here; add the dates by hand`));
      }
      if (region !== undefined && !Object.hasOwn(known.getStates(country, "en") ?? {}, region)) {
        const regions = Object.keys(known.getStates(country, "en") ?? {}).join(", ");
        return send(
          reply,
          200,
          unknown("region", `${region} is not a region of ${country}; its regions are: ${regions || "none"}`),
        );
      }
      const holidays =
        region === undefined ? new Holidays(country, { types }) : new Holidays(country, region, { types });
      return send(reply, 200, listOf(holidays.getHolidays(year, "en"), year));
    },
  );
}

const types = ["public" as const, "bank" as const];

type Holiday = { readonly date: string; readonly start: Date; readonly end: Date; readonly name: string };

/** Makes one exception for each date with at least one holiday. Two holidays may share a date, and a holiday may last several days. */
function listOf(holidays: readonly Holiday[], year: number): HolidayList {
  const names = new Map<string, string[]>();
  for (const { date, start, end, name } of holidays) {
    const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / dayMs));
    for (let day = 0; day < days; day++) {
      const at = new Date(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) + day * dayMs).toISOString().slice(0, 10);
      if (!at.startsWith(String(year))) continue;
      const known = names.get(at) ?? [];
      if (!known.includes(name)) names.set(at, [...known, name]);
    }
  }
  const exceptions: CalendarException[] = [...names]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, all]) => ({ date, open: [], name: all.join(" / ").slice(0, 100) }));
  return { exceptions, source };
}

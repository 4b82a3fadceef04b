import {
  calendarListQuery,
  calendarResultPage,
  calendarParams,
  calendarVersionParams,
  calendarVersionsQuery,
  publishedCalendar,
  refusal,
  slug,
} from "@crossline/contracts";
import { type Http, send, isRefusal, readCursor, writeCursor } from "@crossline/service";
import { z } from "zod";
import { presentCalendar } from "../commands/publish-calendar.ts";
import { findCalendar, listCalendars, listCalendarVersions } from "../store/calendars.ts";
import type { RouteDeps } from "./deps.ts";

const noSuchCalendar = refusal("not_found", "There is no such calendar.");
const place = z.strictObject({ party: slug, name: slug });
const anyVersion = 2_000_000;

/** Registers the routes that read calendars. Every party may read all calendars, since opening hours are not secret. */
export function serveCalendars(http: Http, deps: RouteDeps): void {
  serveNewestCalendars(http, deps);
  serveCalendarVersions(http, deps);
}

function serveNewestCalendars(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor", "operator");
  http.get(
    "/v1/calendars",
    {
      onRequest,
      schema: {
        operationId: "listCalendars",
        summary: "List the newest version of each calendar",
        querystring: calendarListQuery,
        response: { 200: calendarResultPage },
      },
    },
    async (request, reply) => {
      const { limit, cursor, party } = request.query;
      const after = readCursor(cursor, place);
      if (isRefusal(after)) return send(reply, 200, after);
      const rows = await listCalendars(database, party, after ?? { party: "", name: "" }, limit + 1);
      const items = rows.slice(0, limit).map(presentCalendar);
      if (rows.length <= limit) return send(reply, 200, { items });
      const last = rows[limit - 1];
      return send(reply, 200, { items, next: writeCursor({ party: last?.party, name: last?.name }) });
    },
  );
  http.get(
    "/v1/calendars/:party/:name",
    {
      onRequest,
      schema: {
        operationId: "readCalendar",
        summary: "Read the newest version of a calendar",
        params: calendarParams,
        response: { 200: publishedCalendar },
      },
    },
    async (request, reply) => {
      const row = await findCalendar(database, request.params.party, request.params.name);
      return send(reply, 200, row === undefined ? noSuchCalendar : presentCalendar(row));
    },
  );
}

function serveCalendarVersions(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor", "operator");
  http.get(
    "/v1/calendars/:party/:name/versions",
    {
      onRequest,
      schema: {
        operationId: "listCalendarVersions",
        summary: "List the versions of a calendar, the newest first",
        params: calendarParams,
        querystring: calendarVersionsQuery,
        response: { 200: calendarResultPage },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query;
      const below = readCursor(cursor, z.int().min(1));
      if (isRefusal(below)) return send(reply, 200, below);
      const rows = await listCalendarVersions(database, request.params, below ?? anyVersion, limit + 1);
      if (rows.length === 0 && below === undefined) return send(reply, 200, noSuchCalendar);
      const items = rows.slice(0, limit).map(presentCalendar);
      if (rows.length <= limit) return send(reply, 200, { items });
      return send(reply, 200, { items, next: writeCursor(rows[limit - 1]?.version) });
    },
  );
  http.get(
    "/v1/calendars/:party/:name/versions/:version",
    {
      onRequest,
      schema: {
        operationId: "readCalendarVersion",
        summary: "Read one version of a calendar",
        params: calendarVersionParams,
        response: { 200: publishedCalendar },
      },
    },
    async (request, reply) => {
      const { party, name, version } = request.params;
      const row = await findCalendar(database, party, name, version);
      return send(reply, 200, row === undefined ? noSuchCalendar : presentCalendar(row));
    },
  );
}

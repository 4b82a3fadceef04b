import { findParty } from "@crossline/access";
import {
  type Refusal,
  calendarOwnerQuery,
  calendarParams,
  lintResponse,
  publishedCalendar,
  refusal,
  submittedCalendar,
  calendarDocument,
} from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Caller, type Http, callerOf, isRefusal, send } from "@crossline/service";
import { checkCalendar, publishCalendar } from "../commands/publish-calendar.ts";
import { commandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";

/**
 * Registers the routes that publish and lint calendars. A company publishes its own calendars, and the operator publishes the
 * calendars of any party.
 */
export function serveCalendarPublishing(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor", "operator");
  const read = { body: submittedCalendar, sends: { schema: calendarDocument } };
  http.post(
    "/v1/calendars",
    {
      onRequest,
      schema: {
        operationId: "publishCalendar",
        summary: "Publish a calendar",
        refuses: ["forbidden", "unknown_party", "already_exists", "calendar_does_not_lint", "limit_reached"],
        querystring: calendarOwnerQuery,
        ...read,
        response: { 201: publishedCalendar },
      },
    },
    async (request, reply) => {
      const party = await calendarOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 201, party);
      const commandRequest = commandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const outcome = await publishCalendar(database, commandRequest, { party, written: request.body });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/calendars/:party/:name/versions",
    {
      onRequest,
      schema: {
        operationId: "publishCalendarVersion",
        summary: "Publish a new version of a calendar; a line keeps its version until it is published again",
        refuses: ["forbidden", "unknown_party", "calendar_does_not_lint", "limit_reached"],
        params: calendarParams,
        ...read,
        response: { 201: publishedCalendar },
      },
    },
    async (request, reply) => {
      const party = await calendarOwnerOf(database, callerOf(request), request.params.party);
      if (isRefusal(party)) return send(reply, 201, party);
      const commandRequest = commandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const { name } = request.params;
      const outcome = await publishCalendar(database, commandRequest, { party, name, written: request.body });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/calendars/lint",
    {
      onRequest,
      schema: {
        operationId: "lintCalendar",
        summary: "Lint a calendar without publishing it",
        keyless: true,
        ...read,
        response: { 200: lintResponse },
      },
    },
    async (request, reply) => {
      const checked = checkCalendar(request.body);
      return send(reply, 200, { faults: checked.ok ? [] : [...checked.faults] });
    },
  );
}

/**
 * Returns the party whose calendars a request concerns: the caller, or the party that the operator names. A party that names
 * another party gets the refusal `forbidden`, since every party can read all calendars.
 */
async function calendarOwnerOf(
  database: Database,
  { party, kind }: Caller,
  named: string | undefined,
): Promise<string | Refusal> {
  if (kind !== "operator") {
    return named === undefined || named === party
      ? party
      : refusal("forbidden", `Only ${named} and the operator can publish calendars of ${named}.`);
  }
  if (named === undefined) {
    const message = "is missing: name the party of the calendar";
    return refusal("invalid_request", `The query is not valid: party ${message}.`, {
      fields: [{ at: "party", message }],
    });
  }
  return (await findParty(database, named)) === undefined
    ? refusal("unknown_party", `There is no party ${named}.`)
    : named;
}

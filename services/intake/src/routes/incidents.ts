import { incidentListQuery, incidentResultPage, openIncidentRequest, presentedIncident } from "@crossline/contracts";
import { noSuchCase } from "@crossline/domain";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { openIncidentByHand } from "../commands/open-incident.ts";
import { labelIncident, labelSummary, presentIncident, presentSummary } from "../responses/present-incident.ts";
import { findCaseLabels } from "../store/case-labels.ts";
import { findTimelineOf } from "../store/cases.ts";
import { listIncidents } from "../store/incidents.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import { onTimeline } from "../timelines/on-timeline.ts";
import { incidentCursor, readIncidentCursor } from "./cursor.ts";
import type { RouteDeps } from "./deps.ts";
import { serveIncidentCommands } from "./incident-commands.ts";
import { findOwnIncident, incidentParams, refuseVendor } from "./own-incident.ts";
import { actorOf, idempotencyOf, markReplayed } from "./post-request.ts";

/** Serves the routes with which a carrier opens, reads and changes incidents. Only the carrier of an incident reads it. */
export function serveIncidents(http: Http, deps: RouteDeps): void {
  serveOpening(http, deps);
  serveIncidentCommands(http, deps);
  serveIncidentList(http, deps);
  http.get(
    "/v1/incidents/:id",
    {
      schema: {
        operationId: "readIncident",
        summary: "Read an incident with its cases and messages",
        tags: ["incidents"],
        params: incidentParams,
        response: { 200: presentedIncident },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const found = await findOwnIncident(deps, id, caller);
      if (isRefusal(found)) return send(reply, 200, found);
      await awaitEffectsBeforeRead(deps, caller, found.timeline, reply);
      const present = await findOwnIncident(deps, id, caller);
      if (isRefusal(present)) return send(reply, 200, present);
      const { lead, members, former } = present;
      const ids = [lead, ...members, ...former].map(({ caseId }) => caseId);
      const labels = await findCaseLabels(deps.database, caller.party, ids);
      return send(reply, 200, labelIncident(presentIncident(present), labels));
    },
  );
}

function serveOpening(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/incidents",
    {
      schema: {
        operationId: "openIncident",
        summary: "Open an incident of several cases by hand",
        description:
          "The lead case crosses at once. The other cases stay with you, and are resolved by events of their own when the lead case is resolved.",
        refuses: [
          "already_exists",
          "forbidden",
          "illegal_transition",
          "not_found",
          "not_quiet",
          "timeline_broken",
          "timeline_ended",
        ],
        tags: ["incidents"],
        body: openIncidentRequest,
        response: { 201: presentedIncident },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const caller = callerOf(request);
      const refused = refuseVendor(caller);
      if (refused !== undefined) return send(reply, 201, refused);
      const timeline = await findTimelineOf(deps.database, body.leadCaseId);
      if (timeline === undefined) return send(reply, 201, { ...noSuchCase, facts: { caseId: body.leadCaseId } });
      const idempotency = idempotencyOf(request, body, timeline);
      if (isRefusal(idempotency)) return send(reply, 201, idempotency);
      const actor = actorOf(caller, body);
      const outcome = await onTimeline(deps, idempotency, async (tx, at) => {
        const opened = await openIncidentByHand(tx, body, actor, at);
        return isRefusal(opened) ? opened : { status: 201, body: presentIncident(opened) };
      });
      markReplayed(reply, outcome);
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function serveIncidentList(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/incidents",
    {
      schema: {
        operationId: "listIncidents",
        summary: "List your incidents, newest first",
        refuses: ["forbidden"],
        tags: ["incidents"],
        querystring: incidentListQuery,
        response: { 200: incidentResultPage },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const refused = refuseVendor(caller);
      if (refused !== undefined) return send(reply, 200, refused);
      const { timeline, state, cursor, limit } = request.query;
      const before = readIncidentCursor(cursor);
      if (isRefusal(before)) return send(reply, 200, before);
      await awaitEffectsBeforeRead(deps, caller, timeline, reply);
      const query = { carrier: caller.party, timeline, state, before, limit: limit + 1 };
      const listed = await listIncidents(deps.database, query);
      const shown = listed.slice(0, limit);
      const last = shown.at(-1);
      const next = listed.length > limit && last !== undefined ? { next: incidentCursor(last) } : {};
      const leads = shown.map(({ lead }) => lead.caseId);
      const labels = await findCaseLabels(deps.database, caller.party, leads);
      return send(reply, 200, { items: shown.map((one) => labelSummary(presentSummary(one), labels)), ...next });
    },
  );
}

import {
  type Instant,
  type Refusal,
  type RosterPreview,
  formatInstant,
  overrideRequest,
  parseInstant,
  rosterParams,
  rosterPreview,
  rosterPreviewQuery,
  swapRequest,
  submittedRoster,
  rosterDocument,
} from "@crossline/contracts";
import { type RosterLintResult, type RosterAddition, compareDuty, lintRoster, withAddition } from "@crossline/domain";
import { type Database, now } from "@crossline/postgres";
import { type Caller, type Http, callerOf, isRefusal, send } from "@crossline/service";
import type { z } from "zod";
import { lintRosterVersion, noSuchRoster, refuseRosterFaults } from "../commands/publish-roster.ts";
import { type RosterRow, findRoster } from "../store/rosters.ts";
import type { RouteDeps } from "./deps.ts";
import { rosterOwnerRefusals, rosterOwnerOf } from "./roster-owner.ts";

const dayMs = 86_400_000;

/** A request for a preview, and the function that makes the proposed roster. */
type PreviewRequest = {
  readonly caller: Caller;
  readonly name: string;
  readonly query: z.output<typeof rosterPreviewQuery>;
  /** Makes the proposed roster from the newest version, and lints the proposed roster. */
  readonly propose: (newest: RosterRow, at: Instant) => RosterLintResult;
};

/** Registers the routes that preview a new version, an override or a swap. A preview stores nothing. */
export function serveRosterPreviews(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor", "operator");
  const route = { params: rosterParams, querystring: rosterPreviewQuery, response: { 200: rosterPreview } };
  const add =
    (addition: RosterAddition) =>
    ({ document }: RosterRow, at: Instant): RosterLintResult =>
      lintRoster(withAddition(document, addition, at), at);

  http.post(
    "/v1/rosters/:name/preview",
    {
      onRequest,
      schema: {
        operationId: "previewRosterVersion",
        summary: "Preview the people on duty under a new version",
        keyless: true,
        refuses: [...rosterOwnerRefusals, "roster_does_not_lint"],
        ...route,
        body: submittedRoster,
        sends: { schema: rosterDocument },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const propose = (_: RosterRow, at: Instant): RosterLintResult => lintRosterVersion(request.body, name, at);
      const previewRequest = { caller: callerOf(request), name, query: request.query, propose };
      return send(reply, 200, await preview(database, previewRequest));
    },
  );
  http.post(
    "/v1/rosters/:name/overrides/preview",
    {
      onRequest,
      schema: {
        operationId: "previewOverride",
        summary: "Preview the people on duty with an override",
        keyless: true,
        refuses: [...rosterOwnerRefusals, "roster_does_not_lint"],
        ...route,
        body: overrideRequest,
      },
    },
    async (request, reply) => {
      const propose = add({ overrides: [request.body] });
      const previewRequest = { caller: callerOf(request), name: request.params.name, query: request.query, propose };
      return send(reply, 200, await preview(database, previewRequest));
    },
  );
  http.post(
    "/v1/rosters/:name/swaps/preview",
    {
      onRequest,
      schema: {
        operationId: "previewSwap",
        summary: "Preview the people on duty with a swap",
        keyless: true,
        refuses: [...rosterOwnerRefusals, "roster_does_not_lint"],
        ...route,
        body: swapRequest,
      },
    },
    async (request, reply) => {
      const propose = add({ swaps: [request.body] });
      const previewRequest = { caller: callerOf(request), name: request.params.name, query: request.query, propose };
      return send(reply, 200, await preview(database, previewRequest));
    },
  );
}

async function preview(
  database: Database,
  { caller, name, query, propose }: PreviewRequest,
): Promise<RosterPreview | Refusal> {
  const party = await rosterOwnerOf(database, caller, query.party);
  if (isRefusal(party)) return party;
  const newest = await findRoster(database, party, name);
  if (newest === undefined) return noSuchRoster;
  const present = await now(database);
  const linted = propose(newest, present);
  if (!linted.ok) return refuseRosterFaults(linted.faults);
  const from = query.from === undefined ? present : parseInstant(query.from);
  const window = { from, to: from + query.days * dayMs };
  const compared = compareDuty({ roster: newest.document }, { roster: linted.document }, window);
  return {
    version: newest.version,
    from: formatInstant(from),
    to: formatInstant(compared.to),
    ...(compared.changesAt !== undefined && { changesAt: formatInstant(compared.changesAt) }),
    spans: compared.spans.map((span) => ({
      from: formatInstant(span.from),
      to: formatInstant(span.to),
      now: span.before,
      proposed: span.after,
      differs: span.differs,
    })),
    ...(linted.warnings.length > 0 && { warnings: [...linted.warnings] }),
  };
}

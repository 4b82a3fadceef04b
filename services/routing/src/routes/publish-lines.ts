import {
  lineOwnerQuery,
  lineParams,
  lintResponse,
  publishedLine,
  submittedLine,
  lineDocument,
} from "@crossline/contracts";
import { unreachableLastResort } from "@crossline/domain";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { checkLine } from "../commands/check-line.ts";
import { publishLine } from "../commands/publish-line.ts";
import { commandRequestOf } from "./command-request.ts";
import { findDialling } from "../store/dialling.ts";
import type { RouteDeps } from "./deps.ts";
import { lineOwnerRefusals, lineOwnerOf } from "./line-owner.ts";

const lineBody = { body: submittedLine, sends: { schema: lineDocument } };

/**
 * Registers the routes that publish and lint lines. A carrier publishes its own lines, and the operator publishes the lines of
 * any carrier.
 */
export function serveLinePublishing(http: Http, deps: RouteDeps): void {
  const onRequest = deps.allow("carrier", "operator");
  http.post(
    "/v1/lines",
    {
      onRequest,
      schema: {
        operationId: "publishLine",
        summary: "Publish a line",
        refuses: [...lineOwnerRefusals, "already_exists", "line_does_not_lint", "limit_reached"],
        querystring: lineOwnerQuery,
        ...lineBody,
        response: { 201: publishedLine },
      },
    },
    async (request, reply) => {
      const carrier = await lineOwnerOf(deps.database, callerOf(request), request.query.carrier);
      if (isRefusal(carrier)) return send(reply, 201, carrier);
      const commandRequest = commandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const outcome = await publishLine(deps, commandRequest, { carrier, written: request.body });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/lines/:name/versions",
    {
      onRequest,
      schema: {
        operationId: "publishLineVersion",
        summary: "Publish a new version of a line; open cases keep their version",
        refuses: [...lineOwnerRefusals, "line_does_not_lint", "limit_reached"],
        params: lineParams,
        querystring: lineOwnerQuery,
        ...lineBody,
        response: { 201: publishedLine },
      },
    },
    async (request, reply) => {
      const carrier = await lineOwnerOf(deps.database, callerOf(request), request.query.carrier);
      if (isRefusal(carrier)) return send(reply, 201, carrier);
      const commandRequest = commandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const { name } = request.params;
      const outcome = await publishLine(deps, commandRequest, { carrier, name, written: request.body });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  serveLineLint(http, deps);
}

function serveLineLint(http: Http, { allow, database }: RouteDeps): void {
  http.post(
    "/v1/lines/lint",
    {
      onRequest: allow("carrier", "operator"),
      schema: {
        operationId: "lintLine",
        summary: "Lint a line without publishing it",
        keyless: true,
        refuses: lineOwnerRefusals,
        querystring: lineOwnerQuery,
        ...lineBody,
        response: { 200: lintResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const named = request.query.carrier;
      const carrier =
        caller.kind === "operator" && named === undefined ? undefined : await lineOwnerOf(database, caller, named);
      if (isRefusal(carrier)) return send(reply, 200, carrier);
      const checked = await checkLine(database, request.body, { carrier });
      if (!checked.ok) return send(reply, 200, { faults: [...checked.faults] });
      const warnings = [...checked.warnings, ...unreachableLastResort(checked.document, await findDialling(database))];
      return send(reply, 200, { faults: [], ...(warnings.length > 0 && { warnings }) });
    },
  );
}

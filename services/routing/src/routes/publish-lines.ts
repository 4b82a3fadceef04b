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
import { askedOf } from "./asked.ts";
import { findDialling } from "../store/dialling.ts";
import type { RouteDeps } from "./deps.ts";
import { ofOwner, ownerOf } from "./line-owner.ts";

const read = { body: submittedLine, sends: { schema: lineDocument } };

/** Publishing lines and their versions; carriers do it for themselves, the operator says for whom. */
export function serveLinePublishing(http: Http, deps: RouteDeps): void {
  const onRequest = deps.gate("carrier", "operator");
  http.post(
    "/v1/lines",
    {
      onRequest,
      schema: {
        operationId: "publishLine",
        summary: "Publish a line",
        refuses: [...ofOwner, "already_exists", "line_does_not_lint", "limit_reached"],
        querystring: lineOwnerQuery,
        ...read,
        response: { 201: publishedLine },
      },
    },
    async (request, reply) => {
      const carrier = await ownerOf(deps.database, callerOf(request), request.query.carrier);
      if (isRefusal(carrier)) return send(reply, 201, carrier);
      const asked = askedOf(request);
      if (isRefusal(asked)) return send(reply, 201, asked);
      const outcome = await publishLine(deps, asked, { carrier, written: request.body });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/lines/:name/versions",
    {
      onRequest,
      schema: {
        operationId: "publishLineVersion",
        summary: "Publish a new version of a line; running cases stay on theirs",
        refuses: [...ofOwner, "line_does_not_lint", "limit_reached"],
        params: lineParams,
        querystring: lineOwnerQuery,
        ...read,
        response: { 201: publishedLine },
      },
    },
    async (request, reply) => {
      const carrier = await ownerOf(deps.database, callerOf(request), request.query.carrier);
      if (isRefusal(carrier)) return send(reply, 201, carrier);
      const asked = askedOf(request);
      if (isRefusal(asked)) return send(reply, 201, asked);
      const { name } = request.params;
      const outcome = await publishLine(deps, asked, { carrier, name, written: request.body });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  serveLineLint(http, deps);
}

function serveLineLint(http: Http, { gate, database }: RouteDeps): void {
  http.post(
    "/v1/lines/lint",
    {
      onRequest: gate("carrier", "operator"),
      schema: {
        operationId: "lintLine",
        summary: "Look for faults in a line; nothing is kept",
        keyless: true,
        refuses: ofOwner,
        querystring: lineOwnerQuery,
        ...read,
        response: { 200: lintResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const named = request.query.carrier;
      const carrier =
        caller.kind === "operator" && named === undefined ? undefined : await ownerOf(database, caller, named);
      if (isRefusal(carrier)) return send(reply, 200, carrier);
      const checked = await checkLine(database, request.body, { carrier });
      if (!checked.ok) return send(reply, 200, { faults: [...checked.faults] });
      const warnings = [...checked.warnings, ...unreachableLastResort(checked.document, await findDialling(database))];
      return send(reply, 200, { faults: [], ...(warnings.length > 0 && { warnings }) });
    },
  );
}

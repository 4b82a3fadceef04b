import { defaultLine, defaultLineRequest, lineOwnerQuery } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { chooseDefault, defaultOf } from "../commands/choose-default.ts";
import type { RouteDeps } from "./deps.ts";
import { lineOwnerRefusals, lineOwnerOf } from "./line-owner.ts";

/** Registers `/v1/lines/default`, which reads and chooses the default line. */
export function serveDefaultLine(http: Http, deps: RouteDeps): void {
  const { allow, database } = deps;
  const onRequest = allow("carrier", "operator");
  http.get(
    "/v1/lines/default",
    {
      onRequest,
      schema: {
        operationId: "readDefaultLine",
        summary: "Read the default line",
        refuses: lineOwnerRefusals,
        querystring: lineOwnerQuery,
        response: { 200: defaultLine },
      },
    },
    async (request, reply) => {
      const carrier = await lineOwnerOf(database, callerOf(request), request.query.carrier);
      if (isRefusal(carrier)) return send(reply, 200, carrier);
      return send(reply, 200, { line: await defaultOf(database, carrier) });
    },
  );
  http.put(
    "/v1/lines/default",
    {
      onRequest,
      schema: {
        operationId: "chooseDefaultLine",
        summary: "Choose the default line",
        refuses: [...lineOwnerRefusals, "unknown_line"],
        querystring: lineOwnerQuery,
        body: defaultLineRequest,
        response: { 200: defaultLine },
      },
    },
    async (request, reply) => {
      const carrier = await lineOwnerOf(database, callerOf(request), request.query.carrier);
      if (isRefusal(carrier)) return send(reply, 200, carrier);
      const line = await chooseDefault(deps, carrier, request.body.name, request.traceparent);
      return send(reply, 200, isRefusal(line) ? line : { line });
    },
  );
}

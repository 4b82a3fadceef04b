import { type EventData, type LoggedDoer, caseId, partyId, timelineId } from "@crossline/contracts";
import type { Caller, FastifyRequest } from "@crossline/service";

/** The content of a row of the action log, without the instant and the service. */
export type Action = Omit<EventData<"action.taken">, "at" | "service">;

/** The key id that stands for the key of the internal routes. */
const internalKeyId = "internal";

/**
 * Returns the action of a request; undefined if no company sent it. A request to an internal route has the internal key, so its actor is
 * the operator.
 */
export function actionOf(request: FastifyRequest): Action | undefined {
  const { method, routeOptions, caller } = request;
  const { url: pattern = "", schema } = routeOptions;
  const isInternal = pattern.startsWith("/internal/");
  if (caller === undefined && !isInternal) return undefined;
  const params = request.params as Readonly<Record<string, string | number>>;
  const ids = Object.values(params).map(String);
  const named = ids.find((id) => caseId.safeParse(id).success);
  const timeline = ids.find((id) => timelineId.safeParse(id).success);
  const about = caller?.kind === "operator" ? companyOf(request) : undefined;
  return {
    actor: caller === undefined ? { party: "operator", keyId: internalKeyId } : doerOf(caller),
    operation: schema?.operationId ?? `${method} ${pattern}`,
    address: addressOf(pattern, params),
    ...(named !== undefined && { case: named }),
    ...(timeline !== undefined && { timeline }),
    ...(about !== undefined && { about }),
  };
}

/** Returns the company whose keys, lines, rosters or skills the operator changes: the address or the query names it. */
function companyOf({ params, query }: FastifyRequest): string | undefined {
  const { party, carrier } = { ...(query as OwnerNames), ...(params as OwnerNames) };
  return partyId.safeParse(party ?? carrier).data;
}

type OwnerNames = { readonly party?: string; readonly carrier?: string };

/** Returns the path of a request in one form: equal parameters give the same path, however the client encodes them. */
function addressOf(pattern: string, params: Readonly<Record<string, string | number>>): string {
  return pattern.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function doerOf(caller: Caller): LoggedDoer {
  const { party, keyId, session } = caller;
  if (session === undefined) return { party, keyId };
  const { id: sessionId, person, roles } = session;
  return { party, sessionId, person, roles: [...roles] };
}

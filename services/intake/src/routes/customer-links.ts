import {
  type Refusal,
  createCustomerLinkRequest,
  createCustomerLinkResponse,
  formatInstant,
  parseDuration,
  refusal,
  timelineKind,
} from "@crossline/contracts";
import { type Action, type CaseState, refuseAction, rolesOf } from "@crossline/domain";
import { now } from "@crossline/postgres";
import { type Caller, type Http, callerOf, isRefusal, refuse, send } from "@crossline/service";
import { countLink, endLinks } from "../store/customer-links.ts";
import type { RouteDeps } from "./deps.ts";
import type { CustomerRouteDeps } from "./linked-case.ts";
import { caseParams, findVisible } from "./visible-case.ts";

const importEnded = refusal(
  "timeline_ended",
  "This timeline is an import, whose cases have no customer who could open a link.",
);

/** Serves the routes with which the carrier of a case makes links for its customer, and ends them. */
export function serveCustomerLinks(http: Http, deps: CustomerRouteDeps): void {
  const { database, customerLinks } = deps;
  http.post(
    "/v1/cases/:id/customer-links",
    {
      schema: {
        operationId: "createCustomerLink",
        summary: "Make a link with which the customer follows the case without an account",
        description:
          "The link shows nothing internal, and lets the customer report that it works, that it is still broken, or something else. A request that is sent again makes another link, because no response is stored.",
        keyless: true,
        refuses: ["timeline_ended"],
        params: caseParams,
        body: createCustomerLinkRequest,
        response: { 201: createCustomerLinkResponse },
      },
    },
    async (request, reply) => {
      const state = await findOwn(deps, request.params.id, callerOf(request), "make-customer-link");
      if (isRefusal(state)) return send(reply, 201, state);
      if (timelineKind(state.timeline) === "import") return send(reply, 201, importEnded);
      const { id: caseId, carrier } = state;
      const { expiresIn, zone } = request.body;
      const made = await database.transaction(async (tx) => ({
        generation: await countLink(tx, caseId),
        madeAt: await now(tx),
      }));
      const expiresAtSeconds = Math.floor((made.madeAt + parseDuration(expiresIn)) / 1_000);
      const token = await customerLinks.sign({ caseId, carrier, generation: made.generation, zone, expiresAtSeconds });
      void reply.header("cache-control", "no-store");
      return send(reply, 201, { caseId, path: `/track#${token}`, expiresAt: formatInstant(expiresAtSeconds * 1_000) });
    },
  );
  http.delete(
    "/v1/cases/:id/customer-links",
    {
      schema: {
        operationId: "endCustomerLinks",
        summary: "End all links of the customer of a case",
        params: caseParams,
      },
    },
    async (request, reply) => {
      const state = await findOwn(deps, request.params.id, callerOf(request), "end-customer-links");
      if (isRefusal(state)) return refuse(reply, state);
      await database.transaction((tx) => endLinks(tx, state.id));
      return reply.code(204).send();
    },
  );
}

/** Returns a case if the caller's part in it allows the action, or a refusal. */
async function findOwn(deps: RouteDeps, id: string, caller: Caller, action: Action): Promise<CaseState | Refusal> {
  const found = await findVisible(deps, id, caller);
  if (isRefusal(found)) return found;
  return refuseAction(rolesOf(found.state, caller.party), action) ?? found.state;
}

import { setTimeout as delay } from "node:timers/promises";
import {
  type Refusal,
  customerContactRequest,
  customerContactResponse,
  customerView,
  formatInstant,
  refusal,
} from "@crossline/contracts";
import { type CaseState, customerSituationOf } from "@crossline/domain";
import { type Http, isRefusal, send } from "@crossline/service";
import { createCustomerActLimit } from "../admission/customer-acts.ts";
import { createOpenPlaces } from "../admission/open-places.ts";
import { recordCustomerAct } from "../commands/customer-act.ts";
import { type CustomerViewParts, partiesOfView, presentCustomerView } from "../responses/present-customer-view.ts";
import { readNames } from "../store/parties.ts";
import { type CustomerRouteDeps, createLinkHook, findLinkedCase } from "./linked-case.ts";
import { idempotencyOfCustomer, markReplayed } from "./post-request.ts";

const concurrentMax = 64;
const attemptsMax = 12;
const betweenAttemptsMs = 100;
const tooMany = refusal("overloaded", "Too many customers read their cases at this moment. Try again in a moment.", {
  retryAfterSeconds: 1,
});
/**
 * Serves the customer's screen. The bearer token of a request is the token of a link and no API key. The token is in a header, so that no
 * address and no log has it.
 */
export function serveCustomerView(http: Http, deps: CustomerRouteDeps): void {
  const links = createLinkHook(deps.customerLinks);
  http.addHook("preHandler", createOpenPlaces(concurrentMax, tooMany));
  http.addHook("onRequest", links.hook);
  http.get(
    "/v1/customer-view",
    {
      schema: {
        operationId: "readCustomerView",
        summary: "Read a case as its customer, with the token of a customer's link",
        description: "Send the text after `#` in the link as `Authorization: Bearer …`. An API key is no such token.",
        security: [],
        refuses: ["unauthenticated"],
        response: { 200: customerView },
      },
    },
    async (request, reply) => {
      const link = links.of(request);
      const found = await findLinkedCase(deps, link, { awaitsEffects: true });
      if (isRefusal(found)) return send(reply, 200, found);
      void reply.header("cache-control", "no-store");
      const parts = await readParts(deps, found.state);
      const names = await readNames(deps.database, partiesOfView(found.state, parts));
      return send(
        reply,
        200,
        presentCustomerView({ ...found, link }, parts, (party) => names.get(party) ?? party),
      );
    },
  );
  serveContacts(http, deps, links);
}

function serveContacts(http: Http, deps: CustomerRouteDeps, links: ReturnType<typeof createLinkHook>): void {
  const limit = createCustomerActLimit();
  http.post(
    "/v1/customer-view/contacts",
    {
      schema: {
        operationId: "addCustomerContact",
        summary: "Report as the customer that it works, that it is still broken, or something else",
        description:
          "The act becomes a contact by the channel `web`. `works` confirms a resolved case, and `still-broken` reopens it. A case accepts five acts in a minute, and fifty in a day.",
        security: [],
        refuses: [
          ...(["unauthenticated", "illegal_transition", "limit_reached", "too_many_requests"] as const),
          ...(["not_quiet", "timeline_broken", "timeline_ended"] as const),
        ],
        body: customerContactRequest,
        response: { 201: customerContactResponse },
      },
    },
    async (request, reply) => {
      const link = links.of(request);
      const found = await findLinkedCase(deps, link, { awaitsEffects: false });
      if (isRefusal(found)) return send(reply, 201, found);
      const { state } = found;
      const idempotency = idempotencyOfCustomer(request, state);
      if (isRefusal(idempotency)) return send(reply, 201, idempotency);
      const waitSeconds = limit.enter(state.id);
      if (waitSeconds !== undefined) return send(reply, 201, tooOften(waitSeconds));
      const { body, traceparent } = request;
      const recorded = await recordCustomerAct(deps.writeRequest, { idempotency, state, body, traceparent });
      if (isRefusal(recorded)) return send(reply, 201, withoutFacts(recorded));
      markReplayed(reply, recorded);
      const after = await findLinkedCase(deps, link, { awaitsEffects: false });
      if (isRefusal(after)) return send(reply, 201, after);
      const situation = customerSituationOf(after.state);
      return send(reply, 201, { act: body.act, situation, at: formatInstant(after.at) });
    },
  );
}

/**
 * Reads the parts of a view from the other services. The console and the timer read the events of a case a moment after intake. So the
 * function waits until the console has read all events that the state of the case has, at most about a second.
 */
async function readParts({ services, deadlines }: CustomerRouteDeps, state: CaseState): Promise<CustomerViewParts> {
  const { id, carrier, sequence } = state;
  let steps = await services.customerSteps(id);
  for (let attempt = 1; steps !== undefined && steps.sequence < sequence && attempt < attemptsMax; attempt += 1) {
    await delay(betweenAttemptsMs);
    steps = await services.customerSteps(id);
  }
  return { steps: steps?.items, due: await deadlines.ofCustomer(carrier, id) };
}

/** The facts and the detail of a refusal can have ids of cases and timelines, which are internal. */
function withoutFacts({ code, retryAfterSeconds }: Refusal): Refusal {
  const detail = "The case does not accept this now. Read the case again.";
  return refusal(code, detail, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}

function tooOften(retryAfterSeconds: number) {
  return refusal("too_many_requests", "You have sent very much in a short time. Try again in a moment.", {
    retryAfterSeconds,
  });
}

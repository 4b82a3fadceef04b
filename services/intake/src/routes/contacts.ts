import { type Refusal, contactResponse, contactRequest, refusal, timelineKind } from "@crossline/contracts";
import { hashIdentity, inquiryIdentities, refuseIdentity, sharedIdentities } from "@crossline/domain";
import { type Caller, type Http, callerOf, isRefusal, originOf, send } from "@crossline/service";
import type { z } from "zod";
import { joinContact } from "../commands/join-contact.ts";
import { findCanary } from "./canary-keys.ts";
import { openingRefusals, refuseOpening } from "./cases.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotencyOf, sendResult } from "./post-request.ts";
import { readSubject } from "./read-subject.ts";
import { actRefusals } from "./serve-command.ts";

type Body = z.output<typeof contactRequest>;

/** Serves `POST /v1/contacts`, with which a company records a contact without a case id. */
export function serveContacts(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/contacts",
    {
      schema: {
        operationId: "recordContact",
        summary: "Record a contact, which joins the open case of its device or customer or opens a case",
        refuses: ["not_found", ...actRefusals, ...openingRefusals],
        description:
          "A contact joins an ended case within the `letters` time of its line (30 days by default). After that time, the contact opens a new case, which `follows` the ended case. A contact with the content `auto-reply` or `works` opens no case: without a case to join, the response is 404 `not_found`, and nothing is recorded.",
        tags: ["cases"],
        body: contactRequest,
        response: { 200: contactResponse, 201: contactResponse },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const caller = callerOf(request);
      const canary = await findCanary(deps, caller, body);
      if (isRefusal(canary)) return send(reply, 200, canary);
      const refused = await refuseContact(deps, caller, body);
      if (refused !== undefined) return send(reply, 200, refused);
      const key = idempotencyOf(request, body, body.timeline);
      if (isRefusal(key)) return send(reply, 200, key);
      const subject = await readSubject(deps.database, caller, body.subject);
      if (isRefusal(subject)) return send(reply, 200, subject);
      // Each company has its own customer ids. The id that a vendor gives to one customer can therefore equal the id that the carrier gives to another customer.
      const isVendors = caller.kind === "vendor";
      const identities = (isVendors ? sharedIdentities : inquiryIdentities)(subject ?? {}).map(hashIdentity);
      const contact = {
        idempotency: key,
        actor: actorOf(caller, body),
        origin: originOf(request),
        isVendors,
        body: { ...body, subject },
        identities,
        canary,
      };
      return sendResult(reply, await joinContact(deps, contact));
    },
  );
}

async function refuseContact(deps: RouteDeps, caller: Caller, body: Body): Promise<Refusal | undefined> {
  if (caller.kind !== "vendor") return refuseOpening(deps, caller, body);
  const { subject = {}, timeline } = body;
  if (timelineKind(timeline) === "import")
    return refusal("timeline_ended", "This timeline is an import, which accepts no contacts.");
  const mistyped = refuseIdentity(subject);
  if (mistyped !== undefined || sharedIdentities(subject).length > 0) return mistyped;
  const fields = [{ at: "/subject", message: "must contain imei, esn, iccid, msisdn or email" }];
  return refusal("invalid_request", "A vendor's contact must name its device or customer.", { fields });
}

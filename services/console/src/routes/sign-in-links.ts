import { findParty } from "@crossline/access";
import { createSignInLinkRequest, createSignInLinkResponse, formatInstant, refusal } from "@crossline/contracts";
import { refuseRoles } from "@crossline/domain";
import { type Http, authenticated, callerOf, isRefusal, pollUntilFound, send } from "@crossline/service";
import { generateSecret } from "../commands/open-session.ts";
import { countLinks, insertLink } from "../store/sign-in-links.ts";
import type { RouteDeps } from "./deps.ts";

const linkLastsMs = 600_000;
const linksMax = 100;
const tooMany = refusal("limit_reached", "Your company has 100 unused sign-in links. Wait until one of them expires.");

/** Registers the route that makes a sign-in link, with which one browser signs in as a person of the company. */
export function serveSignInLinks(http: Http, { database, authenticate }: RouteDeps): void {
  http.post(
    "/v1/sign-in-links",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "createSignInLink",
        summary: "Make a link with which a person of your company signs in once, within ten minutes",
        description:
          "The roles never give more scopes than you have. A request that is sent again makes another link, because no response is stored.",
        tags: ["sessions"],
        keyless: true,
        refuses: ["limit_reached", "unknown_party"],
        body: createSignInLinkRequest,
        response: { 201: createSignInLinkResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { person, roles, party = caller.party } = request.body;
      if (party !== caller.party && caller.kind !== "operator")
        return send(reply, 201, refusal("forbidden", "Only the operator makes links for another company."));
      // The console knows a new party a moment after intake.
      const found = await pollUntilFound(caller.party, () => findParty(database, party));
      if (found === undefined) return send(reply, 201, refusal("unknown_party", "No party has this name."));
      const created = await database.transaction(async (tx) => {
        const refused = refuseRoles(roles, found.kind, caller.scopes);
        if (refused !== undefined) return refused;
        if ((await countLinks(tx, party)) >= linksMax) return tooMany;
        const { secret, hash } = generateSecret();
        const expiresAt = await insertLink(tx, { party, person, roles }, { hash, lastsMs: linkLastsMs });
        return { secret, expiresAt };
      });
      if (isRefusal(created)) return send(reply, 201, created);
      void reply.header("cache-control", "no-store");
      const path = `/#sign-in=${created.secret}`;
      return send(reply, 201, { party, person, roles, path, expiresAt: formatInstant(created.expiresAt) });
    },
  );
}

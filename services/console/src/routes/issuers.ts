import { findParty } from "@crossline/access";
import {
  type PartyIssuer,
  type Refusal,
  formatInstant,
  isRefusal,
  partyId,
  partyIssuer,
  refusal,
  setIssuerRequest,
} from "@crossline/contracts";
import { type Http, authenticated, callerOf, pollUntilFound, refuse, send } from "@crossline/service";
import { z } from "zod";
import { redirectUriOf } from "../commands/begin-sign-in.ts";
import { removeIssuer, setIssuer } from "../commands/set-issuer.ts";
import { type IssuerRow, findIssuer } from "../store/issuers.ts";
import type { RouteDeps } from "./deps.ts";

const params = z.object({ party: partyId });
const noIssuer = refusal("not_found", "This company has no issuer, or you may not read it.");

/** Registers the routes with which the operator sets the issuer of a company, and with which the company reads it. */
export function serveIssuers(http: Http, deps: RouteDeps): void {
  serveRead(http, deps);
  serveSet(http, deps);
  http.delete(
    "/v1/parties/:party/issuer",
    {
      onRequest: authenticated(deps.authenticate, ["operator"]),
      schema: {
        operationId: "deleteIssuer",
        summary: "Delete the issuer of a company, and end the sessions that it opened",
        tags: ["sessions"],
        params,
      },
    },
    async (request, reply) => {
      const isRemoved = await removeIssuer(deps.database, request.params.party);
      return isRemoved ? reply.code(204).send() : refuse(reply, noIssuer);
    },
  );
}

function serveRead(http: Http, { database, authenticate, publicUrl }: RouteDeps): void {
  http.get(
    "/v1/parties/:party/issuer",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "readIssuer",
        summary: "Read the issuer at which the people of your company sign in, without its secret",
        tags: ["sessions"],
        params,
        response: { 200: partyIssuer },
      },
    },
    async (request, reply) => {
      const { party } = request.params;
      const caller = callerOf(request);
      const isOwn = caller.kind === "operator" || caller.party === party;
      const row = isOwn ? await findIssuer(database, party) : undefined;
      return send(reply, 200, row === undefined ? noIssuer : present(row, publicUrl));
    },
  );
}

function serveSet(http: Http, { database, authenticate, internalKey, publicUrl }: RouteDeps): void {
  http.put(
    "/v1/parties/:party/issuer",
    {
      onRequest: authenticated(authenticate, ["operator"]),
      schema: {
        operationId: "setIssuer",
        summary: "Set the issuer at which the people of a company sign in",
        description:
          "Only the operator sets an issuer, because the console sends requests to its address. Another issuer or client ends the sessions that the earlier one opened.",
        tags: ["sessions"],
        params,
        body: setIssuerRequest,
        response: { 200: partyIssuer },
      },
    },
    async (request, reply) => {
      const { party } = request.params;
      // The console knows a new party a moment after intake.
      const found = await pollUntilFound(callerOf(request).party, () => findParty(database, party));
      const saved: IssuerRow | Refusal =
        found === undefined
          ? refusal("not_found", "No party has this name.")
          : await setIssuer({ database, internalKey }, found, request.body);
      return send(reply, 200, isRefusal(saved) ? saved : present(saved, publicUrl));
    },
  );
}

function present(row: IssuerRow, publicUrl: string | undefined): PartyIssuer {
  const { party, issuer, clientId, clientSecret, claims, changedAt } = row;
  return {
    party,
    issuer,
    clientId,
    hasClientSecret: clientSecret !== null,
    ...claims,
    ...(publicUrl !== undefined && {
      redirectUri: redirectUriOf(publicUrl),
      logoutUri: `${publicUrl}/v1/session/oidc/${party}/logout`,
    }),
    changedAt: formatInstant(changedAt),
  };
}

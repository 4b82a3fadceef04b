import { findParty, hashKey } from "@crossline/access";
import { me, refusal, sessionList, signInRequest } from "@crossline/contracts";
import { scopesOfRoles } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type Http, authenticated, callerOf, internalOnly, refuse, send } from "@crossline/service";
import { z } from "zod";
import { clearedCookie, openSession } from "../commands/open-session.ts";
import { presentMe, presentSession } from "./present-session.ts";
import { type Session, endSession, findOpenSession, findSession, listSessions } from "../store/sessions.ts";
import { useLink } from "../store/sign-in-links.ts";
import type { RouteDeps } from "./deps.ts";

const noLink = refusal("unauthenticated", "This sign-in link was used before, or it has expired. Ask for a new link.");
const noSession = refusal("not_found", "Your company has no open session with this id.");

/** Registers the routes with which people sign in and out, and with which a company ends the sessions of its people. */
export function serveSessions(http: Http, deps: RouteDeps): void {
  serveSignIn(http, deps);
  serveSignOut(http, deps);
  serveMe(http, deps);
  serveOwnSessions(http, deps);
  serveLookup(http, deps);
}

function serveSignIn(http: Http, { database }: RouteDeps): void {
  http.post(
    "/v1/session",
    {
      schema: {
        operationId: "signIn",
        summary: "Sign a person in with the token of a sign-in link",
        description: "The response sets the cookie `__Host-crossline`. A link works once.",
        tags: ["sessions"],
        security: [],
        keyless: true,
        refuses: ["unauthenticated"],
        body: signInRequest,
        response: { 201: me },
      },
    },
    async (request, reply) => {
      const signedIn = await database.transaction(async (tx) => {
        const person = await useLink(tx, hashKey(request.body.token));
        if (person === undefined) return undefined;
        const opened = await openSession(tx, person);
        const found = await describeSession(tx, opened.session);
        request.caller = { ...found, session: { ...found.session, seal: "" } }; // The action log names the person.
        return { ...opened, found };
      });
      if (signedIn === undefined) return send(reply, 201, noLink);
      void reply.header("set-cookie", signedIn.setCookie).header("cache-control", "no-store");
      return send(reply, 201, presentMe(signedIn.found, signedIn.found.name, signedIn.session));
    },
  );
}

function serveSignOut(http: Http, { database, authenticate }: RouteDeps): void {
  http.delete(
    "/v1/session",
    {
      onRequest: authenticated(authenticate),
      schema: { operationId: "signOut", summary: "End your own session", tags: ["sessions"], refuses: ["not_found"] },
    },
    async (request, reply) => {
      const { party, session } = callerOf(request);
      if (session === undefined) return refuse(reply, refusal("not_found", "An API key has no session."));
      await database.transaction((tx) => endSession(tx, { party, id: session.id }));
      return reply.header("set-cookie", clearedCookie).code(204).send();
    },
  );
}

function serveMe(http: Http, { database, authenticate }: RouteDeps): void {
  http.get(
    "/v1/me",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "readMe",
        summary: "Read who you are: the party, the person, the roles and the scopes",
        tags: ["sessions"],
        refuses: ["unauthenticated"],
        response: { 200: me },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const party = await findParty(database, caller.party);
      const session = caller.session && (await findOpenSession(database, caller.session.id));
      return send(reply, 200, presentMe(caller, party?.name ?? caller.party, session));
    },
  );
}

function serveOwnSessions(http: Http, { database, authenticate }: RouteDeps): void {
  http.get(
    "/v1/sessions",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "listSessions",
        summary: "List the open sessions of your company's people, the newest first",
        tags: ["sessions"],
        response: { 200: sessionList },
      },
    },
    async (request, reply) => {
      const sessions = await listSessions(database, callerOf(request).party);
      return send(reply, 200, { sessions: sessions.map(presentSession) });
    },
  );
  http.delete(
    "/v1/sessions/:id",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "endSession",
        summary: "End a session of one of your company's people",
        tags: ["sessions"],
        params: z.object({ id: z.string().max(64) }),
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const isEnded = await database.transaction((tx) => endSession(tx, { party, id: request.params.id }));
      return isEnded ? reply.code(204).send() : refuse(reply, noSession);
    },
  );
}

/** Serves intake, which knows only the cookie of a session. The cookie's secret stays in intake. */
function serveLookup(http: Http, { database, internalKey }: RouteDeps): void {
  http.get(
    "/internal/sessions/:hash",
    {
      onRequest: internalOnly(internalKey),
      schema: { hide: true, params: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) }) },
    },
    async (request, reply) => {
      const session = await findSession(database, request.params.hash);
      if (session === undefined) return refuse(reply, refusal("not_found", "No open session has this hash."));
      const { name: _, ...found } = await describeSession(database, session);
      return found;
    },
  );
}

/** Returns the holder of a session, as an assertion names it, and the name of the party. */
async function describeSession(tx: Tx, { id, party, person, roles }: Session) {
  const found = await findParty(tx, party);
  if (found === undefined) throw new Error("the party of a session is unknown");
  const { kind, name } = found;
  return { party, kind, name, keyId: id, scopes: scopesOfRoles(roles), session: { id, person, roles } };
}

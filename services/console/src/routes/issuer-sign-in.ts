import { type Refusal, beginSignInQuery, finishSignInQuery, logoutForm, partyId, refusal } from "@crossline/contracts";
import { type FastifyReply, type FastifyRequest, type Http, isRefusal, readCookie, refuse } from "@crossline/service";
import { z } from "zod";
import { beginSignIn, signInCookie, signInCookieName } from "../commands/begin-sign-in.ts";
import { finishSignIn } from "../commands/finish-sign-in.ts";
import { readLogoutToken } from "../issuers/logout-token.ts";
import { findIssuer } from "../store/issuers.ts";
import { endIssuerSessions } from "../store/sessions.ts";
import type { RouteDeps } from "./deps.ts";

const params = z.object({ party: partyId });
const secretForm = /^[\w-]{43}$/;
const formBytesMax = 32_768;
const toAddress = z.object({ location: z.string(), "set-cookie": z.string() });
const noIssuer = refusal("invalid_request", "This company has no issuer, so no logout token can be valid.");

/** Registers the addresses with which people sign in at the issuer of their company, and with which the issuer signs them out. */
export function serveIssuerSignIn(http: Http, deps: RouteDeps): void {
  serveBegin(http, deps);
  serveCallback(http, deps);
  void http.register((forms, _options, done) => {
    serveLogout(forms, deps);
    done();
  });
}

function serveBegin(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/session/oidc/:party",
    {
      schema: {
        operationId: "beginIssuerSignIn",
        summary: "Send a browser to the issuer of a company",
        description: "Code flow with PKCE. A cookie binds the browser to the sign-in, which expires after ten minutes.",
        tags: ["sessions"],
        security: [],
        params,
        querystring: beginSignInQuery,
        responses: { 302: { headers: toAddress } },
      },
    },
    async (request, reply) => {
      const { party } = request.params;
      const begun = await beginSignIn(deps, { party, returnTo: request.query.returnTo });
      if (isRefusal(begun)) return refuseSignIn(request, reply, begun);
      void reply.header("set-cookie", begun.setCookie).header("cache-control", "no-store");
      return reply.redirect(begun.location, 302);
    },
  );
}

function serveCallback(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/session/oidc/callback",
    {
      schema: {
        operationId: "finishIssuerSignIn",
        summary: "Open a session for the person whom the issuer names",
        description: "The issuer sends the browser here. The response sets the cookie `__Host-crossline`.",
        tags: ["sessions"],
        security: [],
        refuses: ["unauthenticated", "forbidden"],
        querystring: finishSignInQuery,
        responses: { 302: { headers: toAddress } },
      },
    },
    async (request, reply) => {
      const onFault = (party: string, fault: string): void =>
        request.log.warn({ party, fault }, "a sign-in failed at the issuer");
      const finished = await finishSignIn(
        { ...deps, onFault },
        {
          state: request.query.state,
          secret: readCookie(request.raw.headers.cookie, signInCookieName, secretForm),
          query: new URL(request.url, "http://console").search,
        },
      );
      void reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      if (isRefusal(finished)) return refuseSignIn(request, reply, finished);
      void reply.header("set-cookie", [finished.setCookie, signInCookie("", 0)]);
      return reply.redirect(finished.returnTo, 302);
    },
  );
}

/**
 * Refuses a sign-in. A browser that opens a page (Fetch Metadata, 2.2) gets the sign-in screen, which explains the code. Every other client
 * gets the problem document.
 */
function refuseSignIn(request: FastifyRequest, reply: FastifyReply, refused: Refusal): FastifyReply {
  if (request.headers["sec-fetch-mode"] !== "navigate") return refuse(reply, refused);
  void reply.header("cache-control", "no-store");
  return reply.redirect(`/#sign-in-refused=${refused.code}`, 302);
}

function serveLogout(http: Http, { database, issuers }: RouteDeps): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, text, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(text)))),
  );
  http.post(
    "/v1/session/oidc/:party/logout",
    {
      bodyLimit: formBytesMax,
      schema: {
        operationId: "logOutAtIssuer",
        summary: "End the sessions that a logout token of the issuer names",
        description: "OpenID Connect Back-Channel Logout 1.0. Intake can accept an ended session for up to 5 s more.",
        tags: ["sessions"],
        security: [],
        keyless: true,
        params,
        body: logoutForm,
        sends: { schema: logoutForm, mediaType: "application/x-www-form-urlencoded" },
        response: { 200: z.object({ ended: z.int() }).meta({ id: "LoggedOut", examples: [{ ended: 1 }] }) },
      },
    },
    async (request, reply) => {
      const { party } = request.params;
      void reply.header("cache-control", "no-store");
      const row = await findIssuer(database, party);
      const issuer = row === undefined ? noIssuer : await issuers.open(row);
      if (isRefusal(issuer)) return refuse(reply, issuer);
      const logout = await readLogoutToken(request.body.logout_token, issuer);
      if (isRefusal(logout)) return refuse(reply, logout);
      return { ended: await endIssuerSessions(database, { party, ...logout }) };
    },
  );
}

import { refusal } from "@crossline/contracts";
import {
  type FastifyReply,
  type FastifyRequest,
  type Http,
  callerOf,
  refuse,
  refuseForeignPage,
} from "@crossline/service";
import { createOpenPlaces } from "../admission/open-places.ts";
import { type ProxyDeps, receiveWholeBodies } from "./deps.ts";

type PassOn = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** The addresses of the console that a browser reaches before its person has signed in. */
const openRoutes = [
  { method: "GET", url: "/" },
  { method: "GET", url: "/app/*" },
  { method: "GET", url: "/track" },
  { method: "GET", url: "/assets/*" },
  { method: "POST", url: "/v1/session" },
  { method: "GET", url: "/v1/session/oidc/*" },
  { method: "POST", url: "/v1/session/oidc/*" },
] as const;

const concurrentMax = 32;
const tooMany = refusal("overloaded", "Too many people sign in at this moment. Try again in a moment.", {
  retryAfterSeconds: 1,
});

/**
 * Serves the addresses with which people sign in and out. Requests without a known caller have no share of the admission, so this function
 * limits how many of them run at once.
 */
export function serveSignIn(http: Http, deps: ProxyDeps, passOn: PassOn): void {
  const { authentication, admission, forgetSession, publicOrigin } = deps;
  void http.register((open, _options, done) => {
    receiveWholeBodies(open);
    // A page of another address could otherwise sign its visitor in as another person. Only browsers send the header Origin.
    open.addHook("onRequest", (request, reply, next) => {
      const isOfBrowser = request.url === "/v1/session" && request.headers.origin !== undefined;
      const refused = isOfBrowser ? refuseForeignPage(request, publicOrigin) : undefined;
      if (refused === undefined) next();
      else refuse(reply, refused);
    });
    open.addHook("preHandler", createOpenPlaces(concurrentMax, tooMany));
    for (const route of openRoutes) open.route({ ...route, schema: { hide: true, security: [] }, handler: passOn });
    done();
  });
  http.delete(
    "/v1/session",
    { onRequest: [authentication, admission], schema: { hide: true }, config: { forwards: true } },
    async (request, reply) => {
      const { session } = callerOf(request);
      await passOn(request, reply);
      // After the console has ended the session, so that no request at the same time makes this process know it again.
      if (session !== undefined) forgetSession(session.id);
      return reply;
    },
  );
}

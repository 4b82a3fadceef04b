import { type Http, authenticated, internalOnly, refuse } from "@crossline/service";
import type { PeerAddresses } from "../workers/timeline-reports.ts";
import { admitted } from "./admission.ts";
import { serveCases } from "./cases.ts";
import { serveCommands } from "./commands.ts";
import type { RouteDeps } from "./deps.ts";
import { serveDossier } from "./dossier.ts";
import { serveImport } from "./import.ts";
import { serveInternal } from "./internal.ts";
import { serveParties } from "./parties.ts";
import { passThrough } from "./pass-through.ts";
import { serveTimelines } from "./timelines.ts";

type Others = { readonly addresses: PeerAddresses; readonly internalKey: string; readonly wake: () => void };

/** All routes, each group behind its own door. */
export function serveAll(
  http: Http,
  deps: RouteDeps,
  { addresses, internalKey, wake }: Others,
): { close(): Promise<void> } {
  const { authenticate, guard, admission } = deps;
  const room = async (): Promise<ReturnType<typeof guard.refusal> extends Promise<infer R> ? R : never> =>
    guard.refusal();

  group(http, (own) => {
    own.addHook("onRequest", authenticated(authenticate));
    own.addHook("onRequest", admitted(admission));
    own.addHook("onRequest", async (request, reply) => {
      const refused = request.method === "POST" ? await room() : undefined;
      return refused === undefined ? undefined : refuse(reply, refused);
    });
    serveCases(own, deps);
    serveCommands(own, deps);
    serveDossier(own, deps);
    serveTimelines(own, deps);
  });
  group(http, (own) => {
    own.addHook("onRequest", authenticated(authenticate, ["operator"]));
    serveParties(own, deps);
  });
  group(http, (own) => {
    own.addHook("onRequest", internalOnly(internalKey));
    serveInternal(own, { ...deps, wake });
  });
  serveImport(http, deps);
  return passThrough(http, addresses, [authenticated(authenticate), admitted(admission)]);
}

function group(http: Http, serve: (own: Http) => void): void {
  void http.register((plain, _options, done) => {
    serve(plain);
    done();
  });
}

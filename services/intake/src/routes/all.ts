import {
  type FastifyReply,
  type FastifyRequest,
  type Http,
  authenticated,
  internalOnly,
  refuse,
} from "@crossline/service";
import type { Refusal } from "@crossline/contracts";
import type { OutboxGuard } from "../admission/outbox-guard.ts";
import type { ServiceAddresses } from "../services/other-services.ts";
import type { PublicAuthenticator } from "../services/sessions.ts";
import type { AdmissionHooks } from "../admission/hooks.ts";
import { serveAttachments } from "./attachments.ts";
import { serveCanaries } from "./canaries.ts";
import { createCanaryKeyHook } from "./canary-keys.ts";
import { serveCases } from "./cases.ts";
import { serveChangedCases } from "./changed-cases.ts";
import { serveChanges } from "./changes.ts";
import { serveCommands } from "./commands.ts";
import { serveContacts } from "./contacts.ts";
import { serveCustomerLinks } from "./customer-links.ts";
import { serveCustomerView } from "./customer-view.ts";
import { serveDossier } from "./dossier.ts";
import { serveExport } from "./export-dossier.ts";
import { serveCaseList } from "./list-cases.ts";
import type { CustomerRouteDeps } from "./linked-case.ts";
import { serveIncidents } from "./incidents.ts";
import { serveImport } from "./import.ts";
import { serveInternal } from "./internal.ts";
import { serveKeys } from "./keys.ts";
import { serveKeptPromises } from "./kept-promises.ts";
import { serveMerging } from "./merging.ts";
import { serveMessages } from "./messages.ts";
import { serveOwnParty } from "./own-party.ts";
import { serveParties } from "./parties.ts";
import { type OperationsRouteDeps, serveOperations } from "./operations.ts";
import { serveProxy } from "../proxy/pass-through.ts";
import { serveProblems } from "./problems.ts";
import { serveTimelines } from "./timelines.ts";

type AllDeps = CustomerRouteDeps &
  OperationsRouteDeps & {
    readonly authenticate: PublicAuthenticator;
    readonly addresses: ServiceAddresses;
    readonly internalKey: string;
    readonly admissionHooks: AdmissionHooks;
  };

/** Serves all routes. Each group of routes has its own hooks for authentication and admission. */
export function serveAll(http: Http, deps: AllDeps): { close(): Promise<void> } {
  const { authenticate, guard, admissionHooks, internalKey } = deps;
  http.addHook("preValidation", createCanaryKeyHook(deps));
  serveGroup(http, (own) => {
    own.addHook("onRequest", authenticated(authenticate));
    own.addHook("onRequest", admissionHooks.hook);
    own.addHook("onRequest", hasRoom(guard));
    serveCanaries(own, deps);
    serveCases(own, deps);
    serveCaseList(own, deps);
    serveChanges(own, deps);
    serveChangedCases(own, deps);
    serveCommands(own, deps);
    serveContacts(own, deps);
    serveCustomerLinks(own, deps);
    serveMerging(own, deps);
    serveMessages(own, deps);
    serveAttachments(own, deps);
    serveDossier(own, deps);
    serveExport(own, deps);
    serveIncidents(own, deps);
    serveKeptPromises(own, deps);
    serveProblems(own, deps);
    serveTimelines(own, deps);
  });
  serveGroup(http, (own) => {
    own.addHook("onRequest", hasRoom(guard));
    serveCustomerView(own, deps);
  });
  serveGroup(http, (own) => {
    own.addHook("onRequest", authenticated(authenticate, ["operator"]));
    serveParties(own, deps);
    serveOperations(own, deps);
  });
  serveGroup(http, (own) => {
    own.addHook("onRequest", authenticated(authenticate));
    own.addHook("onRequest", admissionHooks.hook);
    serveOwnParty(own, deps);
    serveKeys(own, deps);
  });
  serveGroup(http, (own) => {
    own.addHook("onRequest", internalOnly(internalKey));
    serveInternal(own, deps);
  });
  serveImport(http, deps);
  return serveProxy(http, {
    ...deps,
    authentication: authenticated(authenticate),
    admission: admissionHooks.hook,
    forgetSession: authenticate.forget,
    publicOrigin: authenticate.publicOrigin,
  });
}

/** Returns a hook that refuses POST requests while the outbox is full. */
function hasRoom(guard: OutboxGuard) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    if (request.method !== "POST" || guard.hasRoom()) return done();
    const respond = (refused: Refusal | undefined) => (refused === undefined ? done() : void refuse(reply, refused));
    guard.refusal().then(respond, done);
  };
}

function serveGroup(http: Http, serve: (own: Http) => void): void {
  void http.register((plain, _options, done) => {
    serve(plain);
    done();
  });
}

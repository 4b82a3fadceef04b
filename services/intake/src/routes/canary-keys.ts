import { isCanaryKey } from "@crossline/access";
import { type Refusal, type contactRequest, inquiryKind, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Caller, type FastifyReply, type FastifyRequest, refuse } from "@crossline/service";
import type { z } from "zod";
import type { OpenCommand } from "../commands/request.ts";
import { canaryDomain } from "../services/canary-doors.ts";
import { findCanaryOfKey, hasOpened } from "../store/canaries.ts";
import type { RouteDeps } from "./deps.ts";

const detail = "This API key belongs to a canary, and allows only the requests of the canary's runs.";
// Every route can refuse a key with 401, so that the API needs no second description of its routes.
const onlyRuns = refusal("unauthenticated", detail);
const onlyProbes = refusal("forbidden", detail);
const caseRoutes: ReadonlySet<string> = new Set([
  "GET /v1/cases/:id",
  "GET /v1/cases/:id/clocks",
  "POST /v1/cases/:id/close",
]);

/**
 * Creates the hook that limits the API keys of canaries to the requests of their runs. These requests are `POST /v1/contacts`, and
 * reading and closing the cases that the same canary opened. Every route has the hook, so that a stolen key can do nothing else.
 */
export function createCanaryKeyHook({ database }: Pick<RouteDeps, "database">) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const { caller } = request;
    if (caller === undefined || !isCanaryKey(caller.keyId)) return done();
    const respond = (may: boolean) => (may ? done() : void refuse(reply, onlyRuns));
    mayCall(database, caller.keyId, request).then(respond, done);
  };
}

async function mayCall(database: Database, keyId: string, request: FastifyRequest): Promise<boolean> {
  const route = `${request.method} ${request.routeOptions.url}`;
  if (route === "POST /v1/contacts") return true;
  return caseRoutes.has(route) && hasOpened(database, keyId, (request.params as { id: string }).id);
}

/**
 * Returns the mark of the case that a canary opens; undefined if the caller is no canary. The key is the only source of the mark. No customer
 * can therefore mark a case, and no canary can send a contact without a mark. Refuses a canary's contact that could join a case of a
 * customer, or that a contact of a customer could join.
 */
export async function findCanary(
  { database }: Pick<RouteDeps, "database">,
  { keyId }: Caller,
  { kind, line, subject, device, timeline, direction }: z.output<typeof contactRequest>,
): Promise<NonNullable<OpenCommand["canary"]> | Refusal | undefined> {
  if (!isCanaryKey(keyId)) return undefined;
  const canary = await findCanaryOfKey(database, keyId);
  const { email, ...others } = subject ?? {};
  const isOwnAddress =
    email?.endsWith(`@${canaryDomain}`) === true && Object.values(others).every((one) => one === undefined);
  const isProbe = kind === inquiryKind && direction === "inbound" && device === undefined && timeline === "wall";
  if (canary === undefined || line !== canary.line || !isProbe || !isOwnAddress) return onlyProbes;
  return { canaryId: canary.id, door: "rest" };
}

import { caseId } from "@crossline/contracts";
import {
  type Caller,
  type FastifyReply,
  type FastifyRequest,
  callerOf,
  pollUntilFound,
  isNewId,
  timelineHeader,
} from "@crossline/service";
import type { Dispatcher } from "undici";
import type { ServiceAddresses, OtherServices } from "../services/other-services.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import type { AwaitEffects } from "../timelines/await-effects.ts";

export type ReadAgainDeps = { readonly awaitEffects: AwaitEffects; readonly services: Pick<OtherServices, "isReader"> };

type ProxyRequest = {
  readonly name: keyof ServiceAddresses;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};
type SendRequest = () => Promise<Dispatcher.ResponseData>;

/**
 * Sends a read to another service, and repeats the read if it was too early. On a stepped timeline, intake repeats the read when the
 * timeline is caught up. If routing already lets the vendor read a case and the timer does not, intake repeats the read for up to 2 s.
 * Intake holds no connection to the service while it waits.
 */
export async function readAgain(deps: ReadAgainDeps, { name, request, reply }: ProxyRequest, sendRequest: SendRequest) {
  const caller = callerOf(request);
  let response = await sendRequest();
  if (name === "timer" && response.statusCode === 404 && (await isExpected(deps, caller, request))) {
    await response.body.dump();
    response = (await pollUntilFound(caller.party, () => sendUnlessNotFound(sendRequest))) ?? (await sendRequest());
  }
  const timeline = response.headers[timelineHeader];
  if (typeof timeline !== "string") return response;
  await response.body.dump();
  await awaitEffectsBeforeRead(deps, caller, timeline, reply);
  return sendRequest();
}

/**
 * Returns true if the timer may soon let the vendor read the case. A vendor can receive an offer a moment before the timer applies the
 * crossing. If the case is new, the timer itself waits, so intake does not wait.
 */
async function isExpected(
  { services }: ReadAgainDeps,
  { kind, party }: Caller,
  { params }: FastifyRequest,
): Promise<boolean> {
  const id = caseId.safeParse((params as { id?: string }).id);
  return kind === "vendor" && id.success && !isNewId(id.data) && (await services.isReader(id.data, party));
}

async function sendUnlessNotFound(sendRequest: SendRequest): Promise<Dispatcher.ResponseData | undefined> {
  const response = await sendRequest();
  if (response.statusCode !== 404) return response;
  await response.body.dump();
  return undefined;
}

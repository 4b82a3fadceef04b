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
 * Reads from another service, and reads again if the first read was too early. On a stepped timeline it reads again when the timeline
 * is caught up. If routing already lets the vendor read a case, it reads again until the timer does too. While it waits, it holds no
 * connection to the service.
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

/** The vendor can receive an offer a moment before the timer applies the crossing. If the case is new, the timer itself waits. */
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

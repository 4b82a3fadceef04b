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

type ProxiedRead = {
  readonly name: keyof ServiceAddresses;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};
type SendRequest = () => Promise<Dispatcher.ResponseData>;

/**
 * Reads from another service, and again where the first answer was early: on a stepped timeline once that has come to rest; and of a
 * case that routing says is the vendor's to read, until the timer has heard so. No connection to the service is kept meanwhile.
 */
export async function readAgain(deps: ReadAgainDeps, { name, request, reply }: ProxiedRead, ask: SendRequest) {
  const caller = callerOf(request);
  let answer = await ask();
  if (name === "timer" && answer.statusCode === 404 && (await isExpected(deps, caller, request))) {
    await answer.body.dump();
    answer = (await pollUntilFound(caller.party, () => sendUnlessNotFound(ask))) ?? (await ask());
  }
  const timeline = answer.headers[timelineHeader];
  if (typeof timeline !== "string") return answer;
  await answer.body.dump();
  await awaitEffectsBeforeRead(deps, caller, timeline, reply);
  return ask();
}

/** The timer reads that a case has crossed a moment after the vendor may have heard so. For a new case it has waited by itself. */
async function isExpected(
  { services }: ReadAgainDeps,
  { kind, party }: Caller,
  { params }: FastifyRequest,
): Promise<boolean> {
  const id = caseId.safeParse((params as { id?: string }).id);
  return kind === "vendor" && id.success && !isNewId(id.data) && (await services.isReader(id.data, party));
}

async function sendUnlessNotFound(ask: SendRequest): Promise<Dispatcher.ResponseData | undefined> {
  const answer = await ask();
  if (answer.statusCode !== 404) return answer;
  await answer.body.dump();
  return undefined;
}

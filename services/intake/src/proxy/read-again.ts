import { caseId } from "@crossline/contracts";
import {
  type Caller,
  type FastifyReply,
  type FastifyRequest,
  callerOf,
  eventually,
  isNew,
  timelineHeader,
} from "@crossline/service";
import type { Dispatcher } from "undici";
import type { PeerAddresses, Peers } from "../peers/peers.ts";
import { awaitRestOf } from "../timelines/at-rest.ts";
import type { AwaitRest } from "../timelines/rest.ts";

export type AgainDeps = { readonly awaitRest: AwaitRest; readonly peers: Pick<Peers, "reads"> };

type Asked = {
  readonly name: keyof PeerAddresses;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};
type Ask = () => Promise<Dispatcher.ResponseData>;

/**
 * Reads from another service, and again where the first answer was early: on a stepped timeline once that has come to rest; and of a
 * case that routing says is the vendor's to read, until the timer has heard so. No connection to the service is kept meanwhile.
 */
export async function readAgain(deps: AgainDeps, { name, request, reply }: Asked, ask: Ask) {
  const caller = callerOf(request);
  let answer = await ask();
  if (name === "timer" && answer.statusCode === 404 && (await mayCome(deps, caller, request))) {
    await answer.body.dump();
    answer = (await eventually(caller.party, () => unlessUnknown(ask))) ?? (await ask());
  }
  const timeline = answer.headers[timelineHeader];
  if (typeof timeline !== "string") return answer;
  await answer.body.dump();
  await awaitRestOf(deps, caller, timeline, reply);
  return ask();
}

/** The timer reads that a case has crossed a moment after the vendor may have heard so. For a new case it has waited by itself. */
async function mayCome({ peers }: AgainDeps, { kind, party }: Caller, { params }: FastifyRequest): Promise<boolean> {
  const id = caseId.safeParse((params as { id?: string }).id);
  return kind === "vendor" && id.success && !isNew(id.data) && (await peers.reads(id.data, party));
}

async function unlessUnknown(ask: Ask): Promise<Dispatcher.ResponseData | undefined> {
  const answer = await ask();
  if (answer.statusCode !== 404) return answer;
  await answer.body.dump();
  return undefined;
}

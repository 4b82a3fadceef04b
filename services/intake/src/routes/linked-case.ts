import type { CustomerLinkToken, CustomerLinks } from "@crossline/access";
import { type Instant, type Refusal, refusal } from "@crossline/contracts";
import type { CaseState } from "@crossline/domain";
import { type FastifyReply, type FastifyRequest, bearerKey, refuse } from "@crossline/service";
import { readingInstant } from "../responses/present-case.ts";
import { findCase } from "../store/cases.ts";
import { isValidGeneration } from "../store/customer-links.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import type { RouteDeps } from "./deps.ts";

/** The dependencies of the customer's screen. */
export type CustomerRouteDeps = RouteDeps & { readonly customerLinks: CustomerLinks };

/** A case as of an instant. */
export type LinkedCase = { readonly state: CaseState; readonly at: Instant };

const invalidLink = refusal(
  "unauthenticated",
  "This link has expired or is not valid: ask the company that sent it for a new one.",
);

/**
 * Creates the hook that accepts only requests with the token of a link that has not expired. The hook runs before the body is read. `of`
 * returns the content of the token of an accepted request.
 */
export function createLinkHook(links: CustomerLinks) {
  const accepted = new WeakMap<object, CustomerLinkToken>();
  return {
    hook: async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      const token = bearerKey(request);
      const link = token === undefined ? undefined : await links.verify(token);
      if (link === undefined) return refuse(reply, invalidLink);
      accepted.set(request.raw, link);
      return undefined;
    },
    of: ({ raw }: { readonly raw: object }): CustomerLinkToken => {
      const link = accepted.get(raw);
      if (link === undefined) throw new Error("a route reads its link without the hook");
      return link;
    },
  };
}

/**
 * Returns the case of a link, or a refusal if the carrier has ended the link. A read of a stepped timeline waits until the timeline is
 * caught up, also in the console.
 */
export async function findLinkedCase(
  { database, awaitConsole }: CustomerRouteDeps,
  { caseId, carrier, generation }: CustomerLinkToken,
  { awaitsEffects }: { readonly awaitsEffects: boolean },
): Promise<LinkedCase | Refusal> {
  const read = async (): Promise<LinkedCase | undefined> => {
    const found = await findCase(database, caseId, carrier);
    return found && { state: found.state, at: readingInstant(found.state, found, carrier) };
  };
  if (!(await isValidGeneration(database, caseId, generation))) return invalidLink;
  const found = await read();
  if (found === undefined) return invalidLink;
  if (!awaitsEffects) return found;
  const deps = { awaitEffects: awaitConsole };
  await awaitEffectsBeforeRead(deps, { party: carrier }, found.state.timeline, withoutHeaders);
  return (await read()) ?? invalidLink;
}

/** The id of a timeline is internal, so the customer's response does not have the header that names it. */
const withoutHeaders = { header: () => undefined };

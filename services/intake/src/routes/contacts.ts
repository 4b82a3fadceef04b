import { type Refusal, contactJoined, contactRequest, newId, refusal, timelineKind } from "@crossline/contracts";
import { type CaseState, hashIdentity, identitiesOf, identityFaults, isEnded } from "@crossline/domain";
import { type Caller, type FastifyRequest, type Http, callerOf, isRefusal, send } from "@crossline/service";
import type { z } from "zod";
import type { Done, Item, Verdict } from "../commands/item.ts";
import { findCasesOf, lockIdentities } from "../store/identities.ts";
import { insertWaitingContact } from "../store/waiting-contacts.ts";
import { openPatiently, refuseOpening } from "./cases.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotent, sendVerdict } from "./posted.ts";
import { presentCase } from "./present-case.ts";

type Body = z.output<typeof contactRequest>;
type Joining = {
  readonly request: FastifyRequest;
  readonly caller: Caller;
  readonly body: Body;
  readonly identities: string[];
};

/** A letter may come after the case is closed: for so long it belongs to that case. */
const afterEndMs = 30 * 86_400_000;

/** `POST /v1/contacts`: somebody got in touch, and nobody has to look up whether there is a case. */
export function serveContacts(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/contacts",
    {
      schema: {
        summary: "Record a contact: it joins the open case of its device or customer, or opens one",
        tags: ["cases"],
        body: contactRequest,
        response: { 200: contactJoined, 201: contactJoined },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const caller = callerOf(request);
      const refused = await refuseContact(deps, caller, body);
      if (refused !== undefined) return send(reply, 200, refused);
      const identities = identitiesOf(body.subject ?? {}).map(hashIdentity);
      const verdict = await join(deps, { request, caller, body, identities });
      return sendVerdict(reply, verdict);
    },
  );
}

async function refuseContact(deps: RouteDeps, caller: Caller, body: Body): Promise<Refusal | undefined> {
  const faults = identityFaults(body.subject ?? {});
  if (faults.length > 0) {
    const fields = faults.map(({ field, message }) => ({ at: `/subject/${field}`, message }));
    return refusal("invalid_request", `subject.${faults[0]?.field} ${faults[0]?.message}.`, { fields });
  }
  if (caller.kind === "vendor") {
    if (identitiesOf(body.subject ?? {}).length > 0) return undefined;
    const fields = [{ at: "/subject", message: "needs an identity of the device: imei, esn, iccid or msisdn" }];
    return refusal("invalid_request", "A vendor's contact says which device it is about.", { fields });
  }
  return refuseOpening(deps, caller, body);
}

/**
 * Contacts of one device are decided one after the other, here and in every other process: two that come at once must not
 * open two cases. The lock's transaction does nothing else; how many run at a time is limited, since each keeps a connection.
 */
async function join(deps: RouteDeps, joining: Joining): Promise<Verdict> {
  const { body, identities, caller } = joining;
  if (identities.length === 0) return openOne(deps, joining);
  return deps.contacts.alone(() =>
    deps.database.transaction(async (tx) => {
      await lockIdentities(tx, body.timeline, identities);
      const cases = await findCasesOf(tx, { timeline: body.timeline, party: caller.party, identities });
      const found = cases.find((state) => !isEnded(state.status)) ?? cases.find((state) => isRecent(state));
      if (caller.kind === "vendor") {
        const accepted = found !== undefined && hasAccepted(found, caller.party);
        return accepted ? joinOne(deps, joining, found) : wait(deps, joining);
      }
      return found === undefined ? openOne(deps, joining) : joinOne(deps, joining, found);
    }),
  );
}

function isRecent({ endedAt, lastEventAt, timeline }: CaseState): boolean {
  // Elsewhere than on the wall nobody knows here what now is: a timeline is short.
  return timelineKind(timeline) !== "wall" || Date.now() - (endedAt ?? lastEventAt) < afterEndMs;
}

function hasAccepted({ holder, handoff, crossedTo }: CaseState, party: string): boolean {
  return holder === party || (handoff?.vendor === party && handoff.phase === "accepted") || crossedTo.includes(party);
}

function openOne(deps: RouteDeps, { request, caller, body }: Joining): Promise<Verdict> {
  const key = idempotent(request, body, body.timeline);
  if (isRefusal(key)) return Promise.resolve(key);
  const { direction: _, content: __, ...opening } = body;
  return openPatiently(deps, {
    is: "open",
    request: key,
    actor: actorOf(caller, body),
    traceparent: request.traceparent,
    body: opening,
    answer: (done) => answer(done, caller, false),
  });
}

function joinOne({ writeItem }: RouteDeps, { request, caller, body }: Joining, found: CaseState): Promise<Verdict> {
  const key = idempotent(request, body, body.timeline);
  if (isRefusal(key)) return Promise.resolve(key);
  const { channel, direction, content, subject } = body;
  const item: Item = {
    is: "command",
    caseId: found.id,
    request: key,
    actor: actorOf(caller, body),
    traceparent: request.traceparent,
    command: { type: "contact", contactId: newId("ct"), channel, direction, content, subject },
    answer: (done) => answer(done, caller, true),
  };
  return writeItem(body.timeline, item);
}

/** The device's case has not crossed to this vendor: its contact waits, and nobody learns whether there is one. */
async function wait({ database }: RouteDeps, { caller, body, identities }: Joining): Promise<Verdict> {
  const { timeline, channel, direction, content, subject } = body;
  const contact = { actor: actorOf(caller, body), contactId: newId("ct"), channel, direction, content, subject };
  await insertWaitingContact(database, { timeline, vendor: caller.party, identities, contact });
  const told = { joined: false, waiting: true };
  return { status: 200, body: told, text: JSON.stringify(told), replayed: false };
}

function answer({ state, at }: Done, { party }: Caller, joined: boolean) {
  return { status: joined ? 200 : 201, body: { joined, waiting: false, case: presentCase(state, at, party) } };
}

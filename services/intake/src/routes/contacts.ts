import { type Refusal, contactJoined, contactRequest, newId, refusal, timelineKind } from "@crossline/contracts";
import {
  type CaseCommand,
  type CaseState,
  areOtherDevices,
  hasHeld,
  hashIdentity,
  identitiesOf,
  isEnded,
  isHandling,
  isTooLate,
  opensCase,
  readingOf,
  refuseIdentity,
  sharedIdentities,
  sightOf,
} from "@crossline/domain";
import { type IdempotentRequest, claimKeys, keepAnswers } from "@crossline/idempotency";
import { type Caller, type FastifyRequest, type Http, callerOf, isRefusal, send } from "@crossline/service";
import type { z } from "zod";
import type { Done, Item, Verdict } from "../commands/item.ts";
import { written } from "../commands/execute.ts";
import { type CaseOfDevice, findCasesOf, holdCasesOf, lockIdentities } from "../store/identities.ts";
import { insertWaitingContact } from "../store/waiting-contacts.ts";
import { ofOpening, openPatiently, refuseOpening, startHandling } from "./cases.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotent, sendVerdict } from "./posted.ts";
import { presentCase, readingInstant } from "../answers/present-case.ts";
import { readSubject } from "./read-subject.ts";
import { ofActs } from "./serve-command.ts";

type Body = z.output<typeof contactRequest>;
type Joining = {
  readonly request: FastifyRequest;
  readonly key: IdempotentRequest;
  readonly caller: Caller;
  readonly body: Body;
  readonly identities: string[];
};

/** `POST /v1/contacts`: somebody got in touch, and nobody has to look up whether there is a case. */
export function serveContacts(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/contacts",
    {
      schema: {
        operationId: "recordContact",
        summary: "Record a contact: it joins the open case of its device or customer, or opens one",
        refuses: ["not_found", ...ofActs, ...ofOpening],
        description:
          "A case that has ended takes the contact for the time that its line says (`letters`, 30 days); later a new case `follows` it. An `auto-reply` or `works` opens none: without a case it is 404 `not_found`, and nothing is recorded.",
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
      const key = idempotent(request, body, body.timeline);
      if (isRefusal(key)) return send(reply, 200, key);
      const subject = await readSubject(deps.database, caller, body.subject);
      if (isRefusal(subject)) return send(reply, 200, subject);
      // The customer's id is the carrier's own: at a vendor it is somebody else's.
      const identify = caller.kind === "vendor" ? sharedIdentities : identitiesOf;
      const identities = identify(subject ?? {}).map(hashIdentity);
      return sendVerdict(reply, await join(deps, { request, key, caller, body: { ...body, subject }, identities }));
    },
  );
}

async function refuseContact(deps: RouteDeps, caller: Caller, body: Body): Promise<Refusal | undefined> {
  if (caller.kind !== "vendor") return refuseOpening(deps, caller, body);
  const { subject = {}, timeline } = body;
  if (timelineKind(timeline) === "import")
    return refusal("timeline_ended", "This timeline is a recorded history: nobody gets in touch on it any more.");
  const mistyped = refuseIdentity(subject);
  if (mistyped !== undefined || sharedIdentities(subject).length > 0) return mistyped;
  const fields = [{ at: "/subject", message: "needs imei, esn, iccid, msisdn or email" }];
  return refusal("invalid_request", "A vendor's contact says which device or customer it is about.", { fields });
}

/**
 * Contacts of one device are decided one after the other, here and in every other process: two that come at once must not
 * open two cases. The lock's transaction does nothing else; how many run at a time is limited, since each keeps a connection.
 */
async function join(deps: RouteDeps, joining: Joining): Promise<Verdict> {
  const { body, identities, caller } = joining;
  const { timeline, subject = {} } = body;
  if (identities.length === 0) return openOne(deps, joining);
  return deps.contacts.alone(() =>
    deps.database.transaction(async (tx) => {
      await lockIdentities(tx, timeline, identities);
      const cases = await findCasesOf(tx, { timeline, party: caller.party, identities });
      // A customer, or a number, may have two devices.
      const going = cases.filter(({ state }) => state.mergedInto === undefined);
      const same = going.filter(({ state }) => !areOtherDevices(state.subject ?? {}, subject));
      const its = caller.kind === "vendor" ? same.filter(({ state }) => hasTaken(state, caller.party)) : same;
      const takesLetters = ({ state, ...read }: CaseOfDevice): boolean =>
        !isTooLate(state, readingInstant(state, read, caller.party));
      const found = its.find(({ state }) => !isEnded(state.status)) ?? its.find(takesLetters);
      if (found !== undefined) return joinOne(deps, joining, found.state);
      return caller.kind === "vendor" ? wait(deps, joining) : openOne(deps, joining, its[0]?.state.id);
    }),
  );
}

/**
 * An offer is not enough: people of a vendor bring what they know to a case that it has taken, as long as the vendor has a part in it.
 */
function hasTaken(state: CaseState, party: string): boolean {
  return hasHeld(state, party) && sightOf(readingOf(state), party) === "whole";
}

const nothingToJoin = refusal(
  "not_found",
  "No case of this device or customer takes this contact. An automatic reply opens none, nor does a word that it works.",
);

/** Opens a case with the contact. `follows`: the case of the same device or customer that ended too long ago to take it. */
function openOne(deps: RouteDeps, { request, key, caller, body }: Joining, follows?: string): Promise<Verdict> {
  if (!opensCase(body)) return Promise.resolve(nothingToJoin);
  const { direction: _, content: __, ...opening } = body;
  const begin = body.handling && startHandling(body);
  return openPatiently(deps, {
    is: "open",
    request: key,
    actor: actorOf(caller, body),
    traceparent: request.traceparent,
    body: opening,
    follows,
    besides: [...firstContact(caller, body), ...(begin === undefined ? [] : [begin])],
    answer: (done) => answer(done, caller, { joined: false, handlingId: begin?.handlingId }),
  });
}

/**
 * The opening of a case stands for its first contact, the customer's own. What the contact is besides is told behind it: one of the
 * company's as a contact of its own, and that a person is live with the customer as that person's handling.
 */
function firstContact(caller: Caller, body: Body): readonly CaseCommand[] {
  const { channel, direction, content, handling } = body;
  const handlingId = newId("hd");
  const given = handling === undefined ? { handlingId } : {};
  if (direction === "outbound")
    return [{ type: "contact", contactId: newId("ct"), channel, direction, content, ...given }];
  if (handling !== undefined || !isHandling({ actor: actorOf(caller, body), channel, content })) return [];
  return [
    { type: "start-handling", handlingId, channel },
    { type: "end-handling", handlingId },
  ];
}

function joinOne(
  { writeItem }: RouteDeps,
  { request, key, caller, body }: Joining,
  found: CaseState,
): Promise<Verdict> {
  const { channel, direction, content, subject } = body;
  const begin = body.handling && startHandling(body);
  const given = begin === undefined ? { handlingId: newId("hd") } : {};
  const item: Item = {
    is: "command",
    caseId: found.id,
    request: key,
    actor: actorOf(caller, body),
    traceparent: request.traceparent,
    command: { type: "contact", contactId: newId("ct"), ...given, channel, direction, content, subject },
    ...(begin !== undefined && { besides: [begin] }),
    answer: (done) => answer(done, caller, { joined: true, handlingId: begin?.handlingId }),
  };
  return writeItem(body.timeline, item);
}

/**
 * This vendor has not accepted a case of the device: its contact waits, and nobody learns whether there is one. The cases of
 * the device stay as they are meanwhile, so that none is accepted between the look and the writing.
 */
async function wait(deps: RouteDeps, joining: Joining): Promise<Verdict> {
  const { key, caller, body, identities } = joining;
  const { timeline, channel, direction, content, subject } = body;
  const held = await deps.database.transaction(async (tx): Promise<CaseState | Verdict> => {
    const [claim] = await claimKeys(tx, [key]);
    if (claim?.is === "refused") return claim.refusal;
    if (claim?.is === "answered") return { ...written(claim.answer), replayed: true };
    const states = await holdCasesOf(tx, { timeline, identities });
    const accepted = states.find((state) => hasTaken(state, caller.party) && !isEnded(state.status));
    if (accepted !== undefined && !areOtherDevices(accepted.subject ?? {}, subject ?? {})) return accepted;
    const contact = { actor: actorOf(caller, body), contactId: newId("ct"), channel, direction, content, subject };
    await insertWaitingContact(tx, { timeline, vendor: caller.party, identities, contact });
    const told = written({ status: 200, body: { joined: false, waiting: true } });
    await keepAnswers(tx, [{ request: key, answer: told }]);
    return { ...told, replayed: false };
  });
  return "carrierCaseId" in held ? joinOne(deps, joining, held) : held;
}

type Became = { readonly joined: boolean; readonly handlingId: string | undefined };

function answer({ state, at }: Done, { party }: Caller, { joined, handlingId }: Became) {
  const begun = state.handlings.some(({ id }) => id === handlingId) ? { handlingId } : {};
  return {
    status: joined ? 200 : 201,
    body: { joined, waiting: false, ...begun, case: presentCase(state, at, party) },
  };
}

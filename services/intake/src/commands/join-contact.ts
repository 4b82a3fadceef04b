import { type contactRequest, newId, refusal } from "@crossline/contracts";
import {
  type CaseCommand,
  type CaseState,
  areDifferentDevices,
  hasHeld,
  isInquiryKind,
  joinsInquiry,
  isEnded,
  isHandling,
  isTooLateForContact,
  opensCase,
  readingOf,
  accessOf,
} from "@crossline/domain";
import { claimKeys, saveResponses } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import type { z } from "zod";
import type { Places } from "../admission/places.ts";
import { readingInstant } from "../responses/present-case.ts";
import { findCasesOf, lockOpenCasesOf, lockIdentities } from "../store/identities.ts";
import { insertWaitingContact } from "../store/waiting-contacts.ts";
import { type CaseResult, toCaseResponse } from "./case-response.ts";
import type { WriteRequest } from "./case-writer.ts";
import type { InboundMail } from "./inbound-mail.ts";
import { openWithRetry } from "./open-with-retry.ts";
import type { CaseRequest, OpenCommand } from "./request.ts";

export type ContactDeps = {
  readonly database: Database;
  readonly writeRequest: WriteRequest;
  /** Limits the database connections that contacts occupy. */
  readonly contactPlaces: Places;
};

/**
 * A contact for which intake has not found a case yet. `identities` contains the hashes by which the company may find a case. `canary`
 * is present if a canary sent the contact.
 */
export type UnmatchedContact = Pick<CaseRequest, "idempotency" | "actor" | "origin"> & {
  readonly isVendors: boolean;
  readonly body: z.output<typeof contactRequest>;
  readonly identities: readonly string[];
  /** The mail from which the contact comes. It names only its sender, so it joins at most an open inquiry. */
  readonly mail?: InboundMail | undefined;
  readonly canary?: OpenCommand["canary"];
};

/**
 * Adds a contact to the case of its device or customer, or opens a case. An advisory lock on the identities makes all processes decide
 * contacts about the same device one after the other. Without the lock, two concurrent contacts could open two cases. The transaction
 * that takes the lock writes nothing.
 */
export async function joinContact(deps: ContactDeps, contact: UnmatchedContact): Promise<CaseResult> {
  const { body, identities, actor, isVendors } = contact;
  const { timeline } = body;
  if (identities.length === 0) return openCaseFor(deps, contact);
  await deps.contactPlaces.take(actor.party);
  try {
    return await deps.database.transaction(async (tx) => {
      await lockIdentities(tx, timeline, identities);
      const cases = (await findCasesOf(tx, { timeline, party: actor.party, identities })).filter(({ state }) =>
        isCandidate(state, contact),
      );
      const joined =
        cases.find(({ state }) => !isEnded(state.status)) ??
        (contact.mail === undefined
          ? cases.find(({ state, ...read }) => !isTooLateForContact(state, readingInstant(state, read, actor.party)))
          : undefined);
      if (joined !== undefined) return joinCase(deps, contact, joined.state);
      return isVendors ? keepForVendor(deps, contact) : openCaseFor(deps, contact, cases[0]?.state.id);
    });
  } finally {
    deps.contactPlaces.leave();
  }
}

/**
 * Returns true if the contact can join the case. A contact cannot join a case about another device. A contact that names a device
 * cannot join an inquiry, and a mail that names only its sender can join nothing else. A vendor's contact cannot join a case that the
 * vendor has not accepted.
 */
function isCandidate(state: CaseState, { body, actor, isVendors, mail }: UnmatchedContact): boolean {
  const { subject = {} } = body;
  if (state.mergedInto !== undefined || areDifferentDevices(state.subject ?? {}, subject)) return false;
  if (isInquiryKind(state.kind) ? !joinsInquiry(subject) : mail !== undefined) return false;
  return !isVendors || hasAccepted(state, actor.party);
}

/** Returns true if the vendor has accepted the case and still has full case access. */
function hasAccepted(state: CaseState, vendor: string): boolean {
  return hasHeld(state, vendor) && accessOf(readingOf(state), vendor) === "whole";
}

const noCaseToJoin = refusal(
  "not_found",
  "This contact cannot join any case of this device or customer. The content `auto-reply` or `works` opens no case.",
);

/**
 * Opens a case for the contact. `follows` is the id of an earlier case of the device or customer that ended too long ago for the
 * contact to join.
 */
async function openCaseFor(
  { writeRequest }: ContactDeps,
  contact: UnmatchedContact,
  follows?: string,
): Promise<CaseResult> {
  const { idempotency, actor, origin, mail } = contact;
  const { direction: _, content: __, ...body } = contact.body;
  if (!opensCase(contact.body)) return noCaseToJoin;
  return openWithRetry(writeRequest, {
    idempotency,
    actor,
    origin,
    command: { type: "open", body, follows, canary: contact.canary },
    followUps: [...firstContact(contact), ...startHandling(contact.body)],
    isContact: true,
    mail,
  });
}

/**
 * Returns the commands that intake executes after the opening. The opening itself counts as a contact from the customer, so a separate
 * command records an outbound contact. A live contact with a person also starts a handling of that person.
 */
function firstContact({ actor, body }: UnmatchedContact): readonly CaseCommand[] {
  const { channel, direction, content, handling } = body;
  const handlingId = newId("hd");
  if (direction === "outbound") {
    const own = { ...(handling === undefined && { handlingId }) };
    return [{ type: "contact", contactId: newId("ct"), channel, direction, content, ...own }];
  }
  if (handling !== undefined || !isHandling({ actor, channel, content })) return [];
  return [
    { type: "start-handling", handlingId, channel },
    { type: "end-handling", handlingId },
  ];
}

/** Returns the command that starts a handling on the request's channel, or no command if the request contains no handling. */
export function startHandling({ handling, channel }: Pick<UnmatchedContact["body"], "handling" | "channel">) {
  if (handling === undefined) return [];
  return [{ type: "start-handling", handlingId: newId("hd"), channel } as const];
}

async function joinCase(
  { writeRequest }: ContactDeps,
  contact: UnmatchedContact,
  { id }: CaseState,
): Promise<CaseResult> {
  const { idempotency, actor, origin, body, mail } = contact;
  const { channel, direction, content, subject, handling } = body;
  const own = { ...(handling === undefined && { handlingId: newId("hd") }), keepsPause: mail !== undefined };
  return writeRequest({
    idempotency,
    actor,
    origin,
    command: {
      type: "change",
      caseId: id,
      change: { type: "contact", contactId: newId("ct"), ...own, channel, direction, content, subject },
    },
    followUps: startHandling(body),
    isContact: true,
    mail,
  });
}

/**
 * Stores the contact of a vendor that has not accepted a case of the device. The response does not reveal whether a case exists. The
 * transaction locks the open cases of the device, so that the vendor cannot accept one of them before the contact is stored.
 */
async function keepForVendor(deps: ContactDeps, contact: UnmatchedContact): Promise<CaseResult> {
  const { idempotency, actor, origin, body, identities } = contact;
  const { timeline, channel, direction, content, subject } = body;
  const outcome = await deps.database.transaction(async (tx) => {
    const [claim] = await claimKeys(tx, [idempotency]);
    if (claim?.is === "refused") return { result: claim.refusal };
    if (claim?.is === "repeated") return { result: toCaseResponse(claim.response, true) };
    const states = await lockOpenCasesOf(tx, { timeline, identities });
    const accepted = states.find((state) => hasAccepted(state, actor.party) && !isEnded(state.status));
    if (accepted !== undefined && !areDifferentDevices(accepted.subject ?? {}, subject ?? {})) return { accepted };
    const { caller } = origin;
    const stored = { actor, caller, contactId: newId("ct"), channel, direction, content, subject };
    await insertWaitingContact(tx, { timeline, vendor: actor.party, identities, contact: stored });
    const response = toCaseResponse({ status: 200, body: { joined: false, waiting: true } }, false);
    await saveResponses(tx, [{ request: idempotency, response }]);
    return { result: response };
  });
  return outcome.accepted === undefined ? outcome.result : joinCase(deps, contact, outcome.accepted);
}

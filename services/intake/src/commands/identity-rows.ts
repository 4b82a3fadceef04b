import type { Subject } from "@crossline/contracts";
import {
  type CaseState,
  hashIdentity,
  identitiesOf,
  inquiryIdentities,
  isDeviceIdentity,
  isInquiryKind,
  sharedIdentities,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type IdentityRow, insertFirstIdentities, insertIdentities, removeDevices } from "../store/identities.ts";

/**
 * Creates an empty collection of identities. While intake decides a batch, it adds the identities of the batch's cases to this
 * collection. `save` stores the collected identities in the transaction that stores the cases.
 */
export function createIdentityRows() {
  const first: IdentityRow[] = [];
  let later: IdentityRow[] = [];
  const corrected = new Set<string>();

  return {
    /** Adds the identities of a new case. */
    begin(state: CaseState): void {
      if (state.subject !== undefined) first.push(...identityRows(state, state.subject));
    },

    /** Adds the identities that a contact or an entry names. */
    learn(state: CaseState, subject: Subject, author: string): void {
      later.push(...identityRows(state, subject, author));
    },

    /** Replaces all device identities of a case after a correction. */
    correct(state: CaseState, subject: Subject): void {
      corrected.add(state.id);
      later = later.filter((row) => row.caseId !== state.id || !row.ofDevice);
      later.push(...identityRows(state, subject));
    },

    /** Saves all changes. Intake sends all statements without a wait between them, and Postgres executes them one after the other. */
    async save(tx: Tx): Promise<void> {
      await Promise.all([
        insertFirstIdentities(tx, first),
        removeDevices(tx, [...corrected]),
        insertIdentities(tx, later),
      ]);
    },
  };
}

/**
 * Returns the rows for the identities of a subject. Omits a customer id that a vendor gave, because the carrier can have
 * another customer with the same id.
 */
function identityRows(
  { id: caseId, timeline, carrier, kind }: CaseState,
  subject: Subject,
  author = carrier,
): IdentityRow[] {
  const ownIdentities = isInquiryKind(kind) ? inquiryIdentities : identitiesOf;
  const identities = author === carrier ? ownIdentities(subject) : sharedIdentities(subject);
  return identities.map((identity) => ({
    timeline,
    carrier,
    caseId,
    identity: hashIdentity(identity),
    ofDevice: isDeviceIdentity(identity),
  }));
}

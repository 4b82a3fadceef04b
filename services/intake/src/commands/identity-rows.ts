import type { Subject } from "@crossline/contracts";
import { type CaseState, hashIdentity, identitiesOf, isDeviceIdentity, sharedIdentities } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type IdentityRow, insertFirstIdentities, insertIdentities, removeDevices } from "../store/identities.ts";

/** By what the cases of a batch can be found: gathered while it decides, written with it. */
export function createIdentityRows() {
  const first: IdentityRow[] = [];
  let learnt: IdentityRow[] = [];
  const corrected = new Set<string>();

  return {
    /** What a case is about that is opened. */
    begin(state: CaseState): void {
      if (state.subject !== undefined) first.push(...identityRows(state, state.subject));
    },

    /** What a contact or an entry says besides. */
    learn(state: CaseState, subject: Subject, author: string): void {
      learnt.push(...identityRows(state, subject, author));
    },

    /** The case's device is another one: it is found by these from now on, and by none that was told before. */
    correct(state: CaseState, subject: Subject): void {
      corrected.add(state.id);
      learnt = learnt.filter((row) => row.caseId !== state.id || !row.ofDevice);
      learnt.push(...identityRows(state, subject));
    },

    /** Sends all of it, without waiting in between, in the order in which it is to take effect. */
    async save(tx: Tx): Promise<void> {
      await Promise.all([
        insertFirstIdentities(tx, first),
        removeDevices(tx, [...corrected]),
        insertIdentities(tx, learnt),
      ]);
    },
  };
}

/** A customer's id is the carrier's own: at a vendor it belongs to another customer. */
function identityRows({ id: caseId, timeline, carrier }: CaseState, subject: Subject, author = carrier): IdentityRow[] {
  const identities = author === carrier ? identitiesOf(subject) : sharedIdentities(subject);
  return identities.map((identity) => ({
    timeline,
    carrier,
    caseId,
    identity: hashIdentity(identity),
    ofDevice: isDeviceIdentity(identity),
  }));
}

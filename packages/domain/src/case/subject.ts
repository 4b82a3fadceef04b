import { type Refusal, type Subject, refusal } from "@crossline/contracts";
import { identityFaults } from "../dossier/identity.ts";

/** Refuses a subject with an identity that cannot be, by its field: what was mistyped would join a stranger's case. */
export function refuseIdentity(subject: Subject | undefined): Refusal | undefined {
  const [first, ...more] = identityFaults(subject ?? {});
  if (first === undefined) return undefined;
  const fields = [first, ...more].map(({ field, message }) => ({ at: `/subject/${field}`, message }));
  return refusal("invalid_request", `subject.${first.field} ${first.message}.`, { fields });
}

/**
 * A case that learns about its subject: what was told of it before stays, what was not known yet is filled in. A customer's
 * id is only what the opening says: it is the carrier's own, and a vendor has others.
 */
export function addToSubject<T extends { readonly subject?: Subject | undefined }>(
  state: T,
  subject: Subject | undefined,
): T {
  if (subject === undefined) return state;
  const { customerId: _, ...told } = subject;
  return { ...state, subject: { ...told, ...state.subject } };
}

/** A subject whose device is another one: of its identities those given count, and no others. */
export function correctDevice(subject: Subject | undefined, given: Subject): Subject {
  const { imei: _, esn: __, iccid: ___, msisdn: ____, ...rest } = subject ?? {};
  const { imei, esn, iccid, msisdn } = given;
  return {
    ...rest,
    ...(imei !== undefined && { imei }),
    ...(esn !== undefined && { esn }),
    ...(iccid !== undefined && { iccid }),
    ...(msisdn !== undefined && { msisdn }),
  };
}

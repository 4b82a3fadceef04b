import { type Refusal, type Subject, refusal } from "@crossline/contracts";
import { identityFaults } from "../dossier/identity.ts";

/**
 * Refuses a subject with an impossible identity. The refusal names its field. With a mistyped identity, a contact would join the
 * case of another customer.
 */
export function refuseIdentity(subject: Subject | undefined): Refusal | undefined {
  const [first, ...more] = identityFaults(subject ?? {});
  if (first === undefined) return undefined;
  const fields = [first, ...more].map(({ field, message }) => ({ at: `/subject/${field}`, message }));
  return refusal("invalid_request", `subject.${first.field} ${first.message}.`, { fields });
}

/**
 * Returns the case with more values of its subject. Known values stay; missing values are filled. A `customerId` comes only
 * from the opening: it is the carrier's own id, and a vendor has another one.
 */
export function addToSubject<T extends { readonly subject?: Subject | undefined }>(
  state: T,
  subject: Subject | undefined,
): T {
  if (subject === undefined) return state;
  const { customerId: _, ...told } = subject;
  return { ...state, subject: { ...told, ...state.subject } };
}

/** Returns the subject with the identities of another device: the given identities, and no others. */
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

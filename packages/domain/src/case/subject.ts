import { type Refusal, type Subject, refusal } from "@crossline/contracts";
import { identityFaults } from "../dossier/identity.ts";

/**
 * Returns the refusal of a subject that has an impossible identity; undefined if every identity is possible. The refusal names
 * each wrong field. Without this check, a contact with a mistyped identity could join the case of another customer.
 */
export function refuseIdentity(subject: Subject | undefined): Refusal | undefined {
  const [first, ...more] = identityFaults(subject ?? {});
  if (first === undefined) return undefined;
  const fields = [first, ...more].map(({ field, message }) => ({ at: `/subject/${field}`, message }));
  return refusal("invalid_request", `subject.${first.field} ${first.message}.`, { fields });
}

/**
 * Adds values to the subject of a case. Values that the case already has do not change. Only the opening sets `customerId`. The
 * id is the carrier's own, and a vendor has a different id of the customer.
 */
export function addToSubject<T extends { readonly subject?: Subject | undefined }>(
  state: T,
  subject: Subject | undefined,
): T {
  if (subject === undefined) return state;
  const { customerId: _, ...told } = subject;
  return { ...state, subject: { ...told, ...state.subject } };
}

/** Returns the subject with the given identities of the device. The former identities of the device are removed. */
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

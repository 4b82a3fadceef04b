import type { Subject } from "@crossline/contracts";
import { identitiesOf } from "../dossier/identity.ts";

/**
 * Returns the identities by which an inquiry and its contacts find each other: those of `identitiesOf`, and every telephone
 * number of the person. A case about a device is not found by `phone`, because an office can share one number.
 */
export function inquiryIdentities(subject: Subject): readonly string[] {
  const numbers = [subject.phone, subject.msisdn].flatMap((written) => {
    const digits = written?.replaceAll(/\D/g, "").replace(/^00/, "") ?? "";
    return digits.length >= 7 ? [`tel:${digits}`] : [];
  });
  return [...identitiesOf(subject), ...new Set(numbers)];
}

/** Returns true if a contact can join an open inquiry. A contact that names a device is about that device. */
export function joinsInquiry({ imei, esn, iccid }: Subject): boolean {
  return imei === undefined && esn === undefined && iccid === undefined;
}

import { type Subject, sha256 } from "@crossline/contracts";

/** A fault of an identity, and the field of the subject that has this identity. */
export type IdentityFault = { readonly field: keyof Subject; readonly message: string };

/**
 * Returns the identities of a device and of a customer. Each identity begins with its kind. All
 * spellings of an identity have one form. The identities of the device come first.
 *
 * - IMEI: 3GPP TS 23.003, 15 digits with a Luhn check digit, or 14 digits. The result has no check digit.
 * - ESN/MEID, ICCID (ITU-T E.118) and MSISDN (ITU-T E.164).
 * - The customer's mail address, and the carrier's own id of the customer.
 */
export function identitiesOf(subject: Subject): readonly string[] {
  const { customerId } = subject;
  const ownIdentities = customerId === undefined ? [] : [`customer:${customerId.trim().normalize("NFC")}`];
  return [...sharedIdentities(subject), ...ownIdentities];
}

/**
 * Returns the identities that have the same meaning at every company. `customerId` has a meaning only for the carrier, so the
 * result does not contain it.
 */
export function sharedIdentities(subject: Subject): readonly string[] {
  const mail = subject.email === undefined ? undefined : mailOf(subject.email);
  return [...deviceIdentities(subject), ...(mail === undefined ? [] : [`mail:${mail}`])];
}

/**
 * Returns true for an identity of a device. The mail address and the customer's id identify no device, because they stay the
 * same if the customer gets another device.
 */
export function isDeviceIdentity(identity: string): boolean {
  return !/^(?:customer|mail|tel):/.test(identity);
}

/**
 * Returns the form in which Crossline compares a mail address (RFC 5321, 4.1.2); undefined if the text is not a mail address.
 * The domain is in lower case and in ASCII (RFC 5890). By RFC 5321, a mail server may distinguish upper and lower case before
 * the `@`. In practice, no server distinguishes two customers by upper and lower case.
 */
function mailOf(written: string): string | undefined {
  const [, local, host] = /^([^\s@<>()[\]\\,:;"]+)@([\p{L}\p{M}\p{N}.-]+)$/u.exec(written.trim()) ?? [];
  if (local === undefined || host === undefined) return undefined;
  const domain = URL.parse(`http://${host}`)?.hostname;
  return domain === undefined ? undefined : `${local.normalize("NFC").toLowerCase()}@${domain}`;
}

/** Returns the identities of a device, and the telephone number of the device. */
export function deviceIdentities({ imei, esn, iccid, msisdn }: Subject): readonly string[] {
  const identities: string[] = [];
  if (imei !== undefined) identities.push(`imei:${digitsOf(imei).slice(0, 14)}`);
  if (esn !== undefined) identities.push(`esn:${hexOf(withoutSeparators(esn))}`);
  if (iccid !== undefined) identities.push(`iccid:${digitsOf(iccid)}`);
  if (msisdn !== undefined) identities.push(`msisdn:${digitsOf(msisdn).replace(/^00/, "")}`);
  return identities;
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}

/**
 * Returns true if two subjects name devices that cannot be the same. A customer or a telephone number can have several devices.
 */
export function areDifferentDevices(one: Subject, other: Subject): boolean {
  const kinds = ["imei", "esn"] as const;
  return kinds.some((kind) => {
    const [its, others] = [one[kind], other[kind]];
    if (its === undefined || others === undefined) return false;
    return deviceIdentities({ [kind]: its })[0] !== deviceIdentities({ [kind]: others })[0];
  });
}

/**
 * Returns the hash by which services store and find an identity. The hash has 132 bits. The hash does not reveal the identity.
 */
export function hashIdentity(identity: string): string {
  return sha256(`crossline identity ${identity}`, "base64url").slice(0, 22);
}

/**
 * Returns the faults of impossible identities. Without this check, a contact with a mistyped digit could join the case of
 * another customer.
 */
export function identityFaults({ imei, esn, iccid, msisdn, email }: Subject): readonly IdentityFault[] {
  const faults: IdentityFault[] = [];
  if (imei !== undefined && !isImei(withoutSeparators(imei)))
    faults.push({ field: "imei", message: "is not an IMEI: 14 digits, or 15 digits with a check digit at the end" });
  if (esn !== undefined && !/^(?:[0-9a-fA-F]{8}|\d{11}|[0-9a-fA-F]{14}|\d{18})$/.test(withoutSeparators(esn)))
    faults.push({
      field: "esn",
      message: "is not an ESN or MEID: 8 or 14 hexadecimal digits, or 11 or 18 decimal digits",
    });
  if (iccid !== undefined && !(/^89\d{16,18}$/.test(withoutSeparators(iccid)) && passesLuhn(withoutSeparators(iccid))))
    faults.push({
      field: "iccid",
      message: "is not an ICCID: 18 to 20 digits that begin with 89 and end with a check digit",
    });
  if (msisdn !== undefined && !/^\+?\d{7,15}$/.test(withoutSeparators(msisdn).replaceAll(/[()]/g, "")))
    faults.push({ field: "msisdn", message: "is not a telephone number: 7 to 15 digits with the country code" });
  if (email !== undefined && mailOf(email) === undefined)
    faults.push({ field: "email", message: "is not a mail address such as ann@example.com" });
  return faults;
}

function withoutSeparators(text: string): string {
  return text.replaceAll(/[\s./-]/g, "");
}

/** Converts a decimal ESN or MEID (a manufacturer part and a serial number, 3GPP2 X.S0008) to hexadecimal. */
function hexOf(written: string): string {
  const widths = { 11: [3, 2, 6], 18: [10, 8, 6] }[written.length];
  if (widths === undefined || !/^\d+$/.test(written)) return written.toUpperCase();
  const [at = 0, maker = 0, serial = 0] = widths;
  const hex = (decimal: string, width: number): string => Number(decimal).toString(16).padStart(width, "0");
  return `${hex(written.slice(0, at), maker)}${hex(written.slice(at), serial)}`.toUpperCase();
}

function isImei(digits: string): boolean {
  return /^\d{14}$/.test(digits) || (/^\d{15}$/.test(digits) && passesLuhn(digits));
}

/** Checks a Luhn check digit (ISO/IEC 7812-1, annex B): every second digit from the right counts double. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

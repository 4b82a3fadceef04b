import { type Subject, sha256 } from "@crossline/contracts";

/** What is wrong with an identity, by the field of the subject that has it. */
export type IdentityFault = { readonly field: keyof Subject; readonly message: string };

/**
 * What tells a device or a customer from another, each with its kind before it: IMEI (3GPP TS 23.003, 15 digits with a Luhn
 * check digit, or 14 and the check digit is left out), ESN/MEID, ICCID (ITU-T E.118), MSISDN (ITU-T E.164), the customer's mail
 * address, and the carrier's own id of the customer. Each has one form, however it was typed. Devices come first.
 */
export function identitiesOf(subject: Subject): readonly string[] {
  const { customerId } = subject;
  const own = customerId === undefined ? [] : [`customer:${customerId.trim().normalize("NFC")}`];
  return [...sharedIdentities(subject), ...own];
}

/** Those of them that mean the same at every company: a customer's id is the carrier's own. */
export function sharedIdentities(subject: Subject): readonly string[] {
  const mail = subject.email === undefined ? undefined : mailOf(subject.email);
  return [...deviceIdentities(subject), ...(mail === undefined ? [] : [`mail:${mail}`])];
}

/** Whether an identity is a device's: a customer keeps a mail address and an id with the next device. */
export function isDeviceIdentity(identity: string): boolean {
  return !/^(?:customer|mail):/.test(identity);
}

/**
 * A mail address (RFC 5321, 4.1.2) in the form that it is compared in; undefined for what is none. The domain has no case, and is in
 * ASCII (RFC 5890). RFC 5321 leaves the case of the local part to its server; no server in use tells two customers apart by it.
 */
function mailOf(written: string): string | undefined {
  const [, local, host] = /^([^\s@<>()[\]\\,:;"]+)@([\p{L}\p{M}\p{N}.-]+)$/u.exec(written.trim()) ?? [];
  if (local === undefined || host === undefined) return undefined;
  const domain = URL.parse(`http://${host}`)?.hostname;
  return domain === undefined ? undefined : `${local.normalize("NFC").toLowerCase()}@${domain}`;
}

/** Those of them that are a device's, or the number that it is called by. */
export function deviceIdentities({ imei, esn, iccid, msisdn }: Subject): readonly string[] {
  const found: string[] = [];
  if (imei !== undefined) found.push(`imei:${digitsOf(imei).slice(0, 14)}`);
  if (esn !== undefined) found.push(`esn:${hexOf(withoutSeparators(esn))}`);
  if (iccid !== undefined) found.push(`iccid:${digitsOf(iccid)}`);
  if (msisdn !== undefined) found.push(`msisdn:${digitsOf(msisdn).replace(/^00/, "")}`);
  return found;
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}

/** Whether two subjects name devices that cannot be the same one: a customer, or a telephone number, may have several. */
export function areDifferentDevices(one: Subject, other: Subject): boolean {
  const kinds = ["imei", "esn"] as const;
  return kinds.some((kind) => {
    const [its, others] = [one[kind], other[kind]];
    if (its === undefined || others === undefined) return false;
    return deviceIdentities({ [kind]: its })[0] !== deviceIdentities({ [kind]: others })[0];
  });
}

/** An identity as it is looked up by, in 132 bits: nobody can read from it whose it is. */
export function hashIdentity(identity: string): string {
  return sha256(`crossline identity ${identity}`, "base64url").slice(0, 22);
}

/** What of a subject cannot be: a digit that was mistyped would join a stranger's case. */
export function identityFaults({ imei, esn, iccid, msisdn, email }: Subject): readonly IdentityFault[] {
  const faults: IdentityFault[] = [];
  if (imei !== undefined && !isImei(withoutSeparators(imei)))
    faults.push({ field: "imei", message: "is no IMEI: 14 digits, or 15 of which the last one checks the others" });
  if (esn !== undefined && !/^(?:[0-9a-fA-F]{8}|\d{11}|[0-9a-fA-F]{14}|\d{18})$/.test(withoutSeparators(esn)))
    faults.push({ field: "esn", message: "is no ESN or MEID: 8 or 14 hexadecimal digits, or 11 or 18 decimal ones" });
  if (iccid !== undefined && !(/^89\d{16,18}$/.test(withoutSeparators(iccid)) && passesLuhn(withoutSeparators(iccid))))
    faults.push({
      field: "iccid",
      message: "is no ICCID: 18 to 20 digits that begin with 89, the last one checks the others",
    });
  if (msisdn !== undefined && !/^\+?\d{7,15}$/.test(withoutSeparators(msisdn).replaceAll(/[()]/g, "")))
    faults.push({ field: "msisdn", message: "is no telephone number: 7 to 15 digits with the country's code" });
  if (email !== undefined && mailOf(email) === undefined)
    faults.push({ field: "email", message: "is no mail address such as ann@example.com" });
  return faults;
}

function withoutSeparators(text: string): string {
  return text.replaceAll(/[\s./-]/g, "");
}

/** An ESN or MEID that was written in decimal (a manufacturer's part and a serial number, 3GPP2 X.S0008) as it is in hex. */
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

/** ISO/IEC 7812-1, annex B: every second digit from the right counts double. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

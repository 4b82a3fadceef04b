import { macDigits, sha256, wall } from "@crossline/contracts";

/**
 * A mailbox that an installation serves. `intake` opens inquiries of a carrier on a timeline. `reply` receives replies in a
 * case, and `bounce` receives the bounces of one outbound message. `canary` sends the mail of one run of a canary, and receives its
 * acknowledgement.
 */
export type Mailbox =
  | { readonly kind: "intake"; readonly carrier: string; readonly timeline: string }
  | { readonly kind: "reply"; readonly caseId: string }
  | { readonly kind: "bounce"; readonly messageId: string }
  | { readonly kind: "canary"; readonly runId: string };

/** The domain of the mailboxes, and the secret under which intake signs the tokens in addresses. */
export type MailDomain = { readonly domain: string; readonly secret: string };

/** RFC 5321, 4.5.3.1.1: a local part has at most 64 octets. A token has 44: prefix, id and MAC. */
const localPartMax = 64;
const token = /^(?<prefix>[rbc])-(?<id>[0-9a-hjkmnp-tv-z]{26})(?<mac>[0-9a-hjkmnp-tv-z]{16})$/;
const plain = /^(?<carrier>[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)(?:\+(?<timeline>stp_[0-9a-z]{26}))?$/;

/** Returns the address that receives the replies of a case. Its token names the case. */
export function replyAddress(caseId: string, { domain, secret }: MailDomain): string {
  return `r-${signed("r", caseId.slice(3), secret)}@${domain}`;
}

/** Returns the envelope sender of an outbound message (VERP), which receives the bounces of this message. */
export function bounceAddress(messageId: string, { domain, secret }: MailDomain): string {
  return `b-${signed("b", messageId.slice(3), secret)}@${domain}`;
}

/** Returns the address from which the canary of a run sends its mail. Only intake can calculate the MAC, so no customer has the address. */
export function canaryAddress(runId: string, { domain, secret }: MailDomain): string {
  return `c-${signed("c", runId.slice(4), secret)}@${domain}`;
}

/** Returns true if the address is in the domain. An address without a domain is not. */
export function isInDomain(address: string, { domain }: Pick<MailDomain, "domain">): boolean {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase() === domain.toLowerCase() && address.includes("@");
}

/**
 * Returns the mailbox of an address in the domain; undefined if the address has no known form or a token with a wrong MAC. The comparison ignores upper and lower case. The caller checks that the carrier, case, message or run exists.
 */
export function readMailbox(address: string, mailDomain: MailDomain): Mailbox | undefined {
  if (!isInDomain(address, mailDomain)) return undefined;
  const local = address.slice(0, address.lastIndexOf("@")).toLowerCase();
  if (local.length > localPartMax) return undefined;
  const { prefix, id, mac } = token.exec(local)?.groups ?? {};
  if (prefix !== undefined && id !== undefined && mac !== undefined && isMac(mac, prefix, id, mailDomain.secret))
    return tokenMailbox(prefix, id);
  const { carrier, timeline = wall } = plain.exec(local)?.groups ?? {};
  return carrier === undefined ? undefined : { kind: "intake", carrier, timeline };
}

function tokenMailbox(prefix: string, id: string): Mailbox {
  if (prefix === "r") return { kind: "reply", caseId: `cs_${id}` };
  return prefix === "b" ? { kind: "bounce", messageId: `ms_${id}` } : { kind: "canary", runId: `cnr_${id}` };
}

/** The hashes make the time of the comparison independent of the number of equal digits. */
function isMac(mac: string, prefix: string, id: string, secret: string): boolean {
  return sha256(mac) === sha256(macOf(prefix, id, secret));
}

function signed(prefix: string, id: string, secret: string): string {
  return id + macOf(prefix, id, secret);
}

/** The prefix keeps the three kinds of tokens apart. */
function macOf(prefix: string, id: string, secret: string): string {
  return macDigits(secret, `crossline mail ${prefix} ${id}`);
}

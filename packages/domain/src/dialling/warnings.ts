import type { LineDocument, ProblemField, RosterDocument } from "@crossline/contracts";
import { type Dialling, type DiallingFault, diallingFaultOf } from "./dialling.ts";

const words: Readonly<Record<DiallingFault, string>> = {
  "mail-off": "no mail is sent here (SMTP_URL is not set)",
  "private-address": "a private address is not dialled here",
  "invalid-url": "an address that is neither http nor https, or has the port 0, is not dialled",
};

/** People of a roster whose every address this installation never dials. Nothing is known before it has said what it dials. */
export function unreachablePeople({ people }: RosterDocument, dialling: Dialling | undefined): ProblemField[] {
  if (dialling === undefined) return [];
  return people.flatMap(({ mail, url }, index) => {
    const addresses = [...(mail === undefined ? [] : [`mailto:${mail}`]), ...(url === undefined ? [] : [url])];
    const why = addresses.map((address) => diallingFaultOf(address, dialling));
    if (why.includes(undefined)) return [];
    const reasons = why.flatMap((reason) => (reason === undefined ? [] : [words[reason]]));
    const message = `cannot be reached from here: ${reasons.join("; ")}. Add another address, or ask the operator`;
    return [{ at: `/people/${index}`, message }];
  });
}

/** Addresses of a line's last resort that this installation never dials. */
export function unreachableLastResort({ lastResort }: LineDocument, dialling: Dialling | undefined): ProblemField[] {
  if (dialling === undefined) return [];
  return lastResort.flatMap((to, index) => {
    const why = to.startsWith("roster:") ? undefined : diallingFaultOf(to, dialling);
    if (why === undefined) return [];
    const message = `cannot be called from here: ${words[why]}. Name another address, or ask the operator`;
    return [{ at: `/lastResort/${index}`, message }];
  });
}

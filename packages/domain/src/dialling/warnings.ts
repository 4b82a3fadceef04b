import type { LineDocument, ProblemField, RosterDocument } from "@crossline/contracts";
import { type Dialling, type DiallingFault, diallingFaultOf } from "./dialling.ts";

const words: Readonly<Record<DiallingFault, string>> = {
  "mail-off": "this installation sends no mail (SMTP_URL is not set)",
  "private-address": "this installation does not dial private addresses",
  "invalid-url": "an address must be http or https and must not have the port 0",
};

/**
 * Returns a warning for each person of a roster whose addresses this installation never dials. If the dialling of this
 * installation is unknown, returns no warnings.
 */
export function unreachablePeople({ people }: RosterDocument, dialling: Dialling | undefined): ProblemField[] {
  if (dialling === undefined) return [];
  return people.flatMap(({ mail, url }, index) => {
    const addresses = [...(mail === undefined ? [] : [`mailto:${mail}`]), ...(url === undefined ? [] : [url])];
    const why = addresses.map((address) => diallingFaultOf(address, dialling));
    if (why.includes(undefined)) return [];
    const reasons = why.flatMap((reason) => (reason === undefined ? [] : [words[reason]]));
    const message = `cannot be reached by this installation: ${reasons.join("; ")}. Add another address, or ask the operator`;
    return [{ at: `/people/${index}`, message }];
  });
}

/** Returns a warning for each address of a line's last resort that this installation never dials. */
export function unreachableLastResort({ lastResort }: LineDocument, dialling: Dialling | undefined): ProblemField[] {
  if (dialling === undefined) return [];
  return lastResort.flatMap((to, index) => {
    const why = to.startsWith("roster:") ? undefined : diallingFaultOf(to, dialling);
    if (why === undefined) return [];
    const message = `cannot be called by this installation: ${words[why]}. Name another address, or ask the operator`;
    return [{ at: `/lastResort/${index}`, message }];
  });
}

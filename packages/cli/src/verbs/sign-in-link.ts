import type { ApiOptions } from "../arguments.ts";
import { type Client, createClient } from "../client.ts";
import { findAddress, readCompanyKey, secretsOf } from "../connection.ts";
import { KeyFault } from "../fault.ts";
import { print, printJson } from "../print.ts";

export type SignInLinkOptions = ApiOptions & {
  readonly role: readonly string[];
  readonly operator?: boolean;
  readonly party?: string;
};

/** The fields of a link's response that the verbs use. `path` is relative to the address of Crossline. */
type SignInLink = { readonly path: string; readonly expiresAt: string };

/** Runs `sign-in-link PERSON`. The verb prints the link, which only the person should see. */
export async function makeSignInLink(person: string, options: SignInLinkOptions): Promise<number> {
  const { role: roles, party, json } = options;
  const url = await findAddress(options);
  const isOfOperator = options.operator === true || party !== undefined;
  const key = isOfOperator ? operatorKey(url) : readCompanyKey(roles.some(isOfDesk) ? "desk" : "company");
  const link = await requestLink(createClient(url, key), { person, roles, ...(party !== undefined && { party }) });
  if (json === true) printJson({ ...link, url: `${url}${link.path}` });
  else print(`${url}${link.path}\n\nThe link works once, until ${link.expiresAt}. Send it to ${person} only.`);
  return 0;
}

/** Requests a sign-in link for a person. */
export function requestLink(
  client: Client,
  request: { readonly person: string; readonly roles: readonly string[]; readonly party?: string },
): Promise<SignInLink> {
  return client.post<SignInLink>("/v1/sign-in-links", request);
}

function operatorKey(url: string): string {
  const [key] = secretsOf("OPERATOR_KEY");
  if (key === undefined) throw new KeyFault(`Set OPERATOR_KEY to the operator's key of the Crossline at ${url}.`);
  return key;
}

function isOfDesk(role: string): boolean {
  return role === "vendor-agent" || role === "desk-lead";
}

import type { CustomerLink } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { findCase } from "../case/find-case.ts";
import { connectCompany, findAddress } from "../connection.ts";
import { print, printJson } from "../print.ts";

export type CaseLinkOptions = ApiOptions & {
  readonly expiresIn?: string;
  readonly zone?: string;
  readonly end?: boolean;
};

/** Runs `case link`: prints a new link for the customer of a case, or ends all links of the case. */
export async function linkCase(id: string, options: CaseLinkOptions): Promise<number> {
  const { expiresIn, zone, json, end } = options;
  const client = await connectCompany(options);
  const found = await findCase(client, id);
  const path = `/v1/cases/${found.id}/customer-links`;
  if (end === true) {
    await client.delete(path);
    if (json !== true) print(`${found.carrierCaseId}: all links of the customer have ended.`);
    return 0;
  }
  const body = { ...(expiresIn !== undefined && { expiresIn }), ...(zone !== undefined && { zone }) };
  const link = await client.post<CustomerLink>(path, body);
  const url = `${await findAddress(options)}${link.path}`;
  if (json === true) printJson({ ...link, url });
  else print(`${url}\n\nThe link shows the case until ${link.expiresAt}. Send it to the customer only.`);
  return 0;
}

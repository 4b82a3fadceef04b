import type { CustomerAct, CustomerView } from "@crossline/contracts";
import { queryOptions } from "@tanstack/react-query";
import { ResponseFault, send } from "../api/send.ts";

const refreshMs = 30_000;

/** An act of the customer with its text. */
export type CustomerContact = { readonly act: CustomerAct; readonly text?: string };

/** Returns true if the link has expired, was ended or never was valid. No further request can succeed. */
export function isEndedLink(fault: unknown): boolean {
  return fault instanceof ResponseFault && fault.status === 401;
}

/** The case of a link. It is read again every 30 s while the customer sees it, unless the link has ended. */
export const customerViewQuery = (token: string) =>
  queryOptions({
    queryKey: ["customer-view", token],
    queryFn: ({ signal }) => send<CustomerView>("GET", "/v1/customer-view", { token, signal }),
    refetchInterval: ({ state }) => (isEndedLink(state.error) ? false : refreshMs),
  });

/** Sends an act of the customer. */
export function sendAct(token: string, contact: CustomerContact, key: string): Promise<unknown> {
  return send("POST", "/v1/customer-view/contacts", { token, key, body: contact });
}

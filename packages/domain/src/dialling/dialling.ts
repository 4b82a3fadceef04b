import { type EventData, namesPrivateAddress } from "@crossline/contracts";

/** Which ways an installation dials. */
export type Dialling = EventData<"dialling.configured">;

/** Why an installation dials an address never, as its deliveries say it. */
export type DiallingFault = "mail-off" | "private-address" | "invalid-url";

/** Why no installation can connect to a webhook's address, as far as the address itself shows; undefined where it can be tried. */
export function faultOfAddress(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return "must be an http or https URL";
  // TCP reserves port 0: a connection to it is never made.
  return url.port === "0" ? "has the port 0, to which no connection is made; name another port" : undefined;
}

/**
 * Why an address (`mailto:` or a URL) cannot be dialled here, as far as the address itself shows; undefined where it can be tried.
 * A name that resolves to a private address is found by the attempt alone.
 */
export function diallingFaultOf(address: string, { mail, privateAddresses }: Dialling): DiallingFault | undefined {
  if (address.startsWith("mailto:")) return mail ? undefined : "mail-off";
  if (faultOfAddress(address) !== undefined) return "invalid-url";
  return privateAddresses === "refuse" && namesPrivateAddress(new URL(address)) ? "private-address" : undefined;
}

const diallingFaults: ReadonlySet<string> = new Set<DiallingFault>(["mail-off", "private-address", "invalid-url"]);

/** Whether an attempt failed because this installation does not dial the address, not because of its receiver. */
export function isDiallingFault(error: string): error is DiallingFault {
  return diallingFaults.has(error);
}

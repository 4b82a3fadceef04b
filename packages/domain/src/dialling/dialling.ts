import { type EventData, namesPrivateAddress } from "@crossline/contracts";

/** The contact methods that an installation can use. */
export type Dialling = EventData<"dialling.configured">;

/** The reason why an installation never dials an address. Notification reports this reason for each delivery to the address. */
export type DiallingFault = "mail-off" | "private-address" | "invalid-url";

/**
 * Returns the reason why no installation can connect to a webhook's address; undefined if an attempt is possible. The function
 * checks only the text of the address.
 */
export function faultOfAddress(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return "must be an http or https URL";
  // TCP reserves port 0, so no connection to this port is possible.
  return url.port === "0" ? "has the port 0, to which no connection is possible; name another port" : undefined;
}

/**
 * Returns the reason why this installation cannot dial an address (`mailto:` or a URL); undefined if an attempt is possible.
 * The function checks only the text of the address. Only an attempt can show that a host name resolves to a private address.
 */
export function diallingFaultOf(address: string, { mail, privateAddresses }: Dialling): DiallingFault | undefined {
  if (address.startsWith("mailto:")) return mail ? undefined : "mail-off";
  if (faultOfAddress(address) !== undefined) return "invalid-url";
  return privateAddresses === "refuse" && namesPrivateAddress(new URL(address)) ? "private-address" : undefined;
}

const diallingFaults: ReadonlySet<string> = new Set<DiallingFault>(["mail-off", "private-address", "invalid-url"]);

/**
 * Returns true if an attempt failed because this installation does not dial the address. Returns false if the receiver caused
 * the failure.
 */
export function isDiallingFault(error: string): error is DiallingFault {
  return diallingFaults.has(error);
}

import { lookup as resolve, type LookupAddress, type LookupOptions } from "node:dns";
import { isPrivateAddress } from "@crossline/contracts";

/** The error for a host name with a private address, to which notification must not connect. */
export class PrivateAddressError extends Error {
  override readonly name = "PrivateAddressError";
}

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Resolves the host name of a connection, with the arguments of `dns.lookup`. The lookup fails if any of the addresses is
 * private.
 */
export function publicLookup(hostname: string, options: LookupOptions, callback: Callback): void {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address))) {
      return callback(new PrivateAddressError("the name has a private address"), []);
    }
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
}

import { lookup as resolve, type LookupAddress, type LookupOptions } from "node:dns";
import { isPrivateAddress } from "@crossline/contracts";

/** A name resolved to an address that must not be dialled. */
export class PrivateAddressError extends Error {
  override readonly name = "PrivateAddressError";
}

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** `dns.lookup` for connections: fails for a name that has any private address, whichever would have been dialled. */
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

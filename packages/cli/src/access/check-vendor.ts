import { chosenAddress, type ConnectionOptions } from "../connection.ts";
import { CommandFault, NotFoundFault } from "../fault.ts";
import { readParties } from "../parties.ts";
import { rememberedPort } from "../running.ts";

/**
 * Checks that Crossline knows the vendor. Returns false if the check was not possible, because no Crossline responds or no key of the
 * operator is known. Throws a NotFoundFault for an unknown name, and a CommandFault for a company that is not a vendor.
 */
export async function checkVendor(vendor: string, options: ConnectionOptions): Promise<boolean> {
  const url = chosenAddress(options) ?? `http://127.0.0.1:${options.port ?? rememberedPort()}`;
  const parties = await readParties(url);
  if (parties === undefined) return false;
  const found = parties.find(({ party }) => party === vendor);
  if (found === undefined)
    throw new NotFoundFault(
      `The Crossline at ${url} knows no company ${vendor}: create the vendor first, for example with \`crossline bootstrap --vendor ${vendor}\`.`,
    );
  if (found.kind !== "vendor")
    throw new CommandFault(`${vendor} is a ${found.kind}, and only a vendor has a queue on Kafka.`);
  return true;
}

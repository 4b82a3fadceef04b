import { type Client, createClient } from "./client.ts";
import { setting } from "./env-file.ts";
import { KeyFault, UsageFault } from "./fault.ts";
import { readState } from "./keys.ts";
import { findRunning } from "./running.ts";

/** The options with which a verb chooses a Crossline. Without options, the verb uses CROSSLINE_URL, or the last start. */
export type ConnectionOptions = { readonly url?: string | undefined; readonly port?: number | undefined };

/** Returns the address of the chosen Crossline. Without a chosen one, finds the running Crossline of this checkout. */
export async function findAddress(options: ConnectionOptions): Promise<string> {
  return chosenAddress(options) ?? (await findRunning(options.port)).url;
}

/** Returns the address that the options or CROSSLINE_URL name, or undefined. Throws a UsageFault if it is no address. */
export function chosenAddress({ url, port }: ConnectionOptions): string | undefined {
  const chosen = url ?? (port === undefined ? setting("CROSSLINE_URL") : undefined);
  if (chosen === undefined || /^https?:$/.test(URL.parse(chosen)?.protocol ?? "")) return chosen;
  throw new UsageFault(`${chosen} is no address: write it like http://127.0.0.1:7300.`);
}

type Side = "company" | "desk";

/** Connects with the key of a company. A desk prefers the vendor's key, so that one `.env` can hold the keys of two companies. */
export async function connectCompany(options: ConnectionOptions, side: Side = "company"): Promise<Client> {
  const url = await findAddress(options);
  return createClient(url, readCompanyKey(side));
}

/**
 * Returns the API key of the company: the setting CROSSLINE_KEY, or else the key that `start` has saved for northtel.
 * For a desk: CROSSLINE_VENDOR_KEY, CROSSLINE_KEY, or the saved key of orchard.
 */
export function readCompanyKey(side: Side = "company"): string {
  const saved = side === "desk" ? "orchard.header" : "northtel.header";
  const vendorKey = side === "desk" ? setting("CROSSLINE_VENDOR_KEY") : undefined;
  const key = vendorKey ?? setting("CROSSLINE_KEY") ?? readState(saved)?.replace(/^Authorization: Bearer /, "");
  if (key === undefined) throw new KeyFault("Set CROSSLINE_KEY to the API key of your company.");
  return key;
}

/**
 * Returns the possible values of a secret: the setting, and the one that `start` has saved. A checkout can have both,
 * because Docker Compose and `start` have different secrets.
 */
export function secretsOf(name: "OPERATOR_KEY" | "INTERNAL_KEY", file?: string): string[] {
  const saved = readState(name === "OPERATOR_KEY" ? "operator-key" : "internal-key");
  return [setting(name, file), saved].flatMap((secret) => secret ?? []);
}

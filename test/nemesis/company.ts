import { type Client, createClient } from "@crossline/cli";
import { waitFor } from "@crossline/testing";
import { lineDocument, lines } from "./clients/lines.ts";

export const carrier = "northtel";
export const stranger = "othertel";
export const vendor = "orchard";

/** The event types to which the receivers subscribe. */
export const subscribed = ["case.opened", "handoff.offered"];

export type Company = {
  readonly keys: Readonly<Record<"carrier" | "stranger" | "vendor", string>>;
  readonly view: Client;
};

/** Registers the parties, publishes the carrier's lines, and subscribes the receivers. */
export async function registerParties(url: string, operatorKey: string, hooks: readonly string[]): Promise<Company> {
  const operator = createClient(url, operatorKey);
  const party = async (name: string, kind: "carrier" | "vendor"): Promise<string> => {
    await operator.post("/v1/parties", { party: name, kind, name });
    return (await operator.post<{ key: string }>(`/v1/parties/${name}/keys`)).key;
  };
  const keys = {
    carrier: await party(carrier, "carrier"),
    stranger: await party(stranger, "carrier"),
    vendor: await party(vendor, "vendor"),
  };
  const view = createClient(url, keys.carrier);
  for (const name of Object.keys(lines)) {
    // A request is refused until routing knows the vendor and intake knows the line.
    await waitFor(() => view.post("/v1/lines", lineDocument(name, vendor, hooks[0] ?? "")), { timeoutMs: 20_000 });
  }
  for (const hook of hooks) {
    const body = { url: hook, events: subscribed };
    await waitFor(() => view.post("/v1/subscriptions", body), { timeoutMs: 20_000 });
  }
  return { keys, view };
}

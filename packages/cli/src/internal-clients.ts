import { type Client, createClient } from "./client.ts";
import { readState } from "./keys.ts";
import { findRunning, rememberedPort } from "./running.ts";
import { type ServiceName, portsFrom } from "./services.ts";

/**
 * Connects to the services of this checkout. If INTERNAL_KEY is set, connects to the services of another Crossline on
 * this machine.
 */
export async function connectServices(port?: number): Promise<(name: ServiceName) => Client> {
  const internalKey = process.env["INTERNAL_KEY"];
  const ports = internalKey === undefined ? (await findRunning(port)).ports : portsFrom(port ?? rememberedPort());
  const key = internalKey ?? readState("internal-key") ?? "";
  return (name) => createClient(`http://127.0.0.1:${ports[name]}`, key);
}

import { type Client, ResponseFault, createClient } from "./client.ts";
import { CommandFault } from "./fault.ts";
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

/**
 * Returns the response. Throws a CommandFault with one sentence if the service refuses the request or does not respond.
 */
export async function explainFaults<Response>(response: Promise<Response>): Promise<Response> {
  try {
    return await response;
  } catch (cause) {
    if (cause instanceof ResponseFault) throw new CommandFault(cause.detail ?? cause.message, { cause });
    // fetch throws a TypeError if no program responds.
    if (cause instanceof TypeError)
      throw new CommandFault(
        "A service does not respond: read its log in .crossline/logs, or run `npx -y pnpm start`.",
        { cause },
      );
    throw cause;
  }
}

import {
  type Operations,
  type Refusal,
  type ServiceName,
  refusal,
  serviceName,
  serviceOperation,
} from "@crossline/contracts";
import { Agent, request } from "undici";

/** Asks every service for its operation, and requests replays. */
export type OperationsClient = {
  /** Returns the operation of each service. A service that does not respond within 3 s is `unreachable`. */
  read(): Promise<Operations["services"]>;
  /** Requests a replay from a service. Returns a refusal if the service does not have the record or does not respond. */
  replay(service: ServiceName, path: string): Promise<Refusal | undefined>;
  close(): Promise<void>;
};

/** The address of a service; undefined before the port of this process is open. */
export type AddressOf = (service: ServiceName) => string | undefined;

const withinMs = 3_000;
const retryAfterSeconds = 1;

/**
 * Opens connections of their own, so that an operator can read the state while all other connections are busy. Intake asks itself in the same way
 * as it asks the other services.
 */
export function connectOperations(addressOf: AddressOf, internalKey: string): OperationsClient {
  const dispatcher = new Agent({ connections: 2, headersTimeout: withinMs, bodyTimeout: withinMs });
  const headers = { authorization: `Bearer ${internalKey}` };
  const send = async (service: ServiceName, method: "GET" | "POST", path: string) => {
    const response = await request(new URL(path, addressOf(service)), {
      dispatcher,
      method,
      headers,
      signal: AbortSignal.timeout(withinMs),
    });
    return { status: response.statusCode, body: await response.body.text() };
  };

  return {
    read: () =>
      Promise.all(
        serviceName.options.map(async (service): Promise<Operations["services"][number]> => {
          try {
            const { body } = await send(service, "GET", "/internal/operation");
            return { ...serviceOperation.parse(JSON.parse(body)), service, state: "reached" };
          } catch {
            return { service, state: "unreachable" };
          }
        }),
      ),
    async replay(service, path) {
      try {
        const { status } = await send(service, "POST", path);
        if (status === 202) return undefined;
        if (status === 404) return refusal("not_found", `The service ${service} has no such record to replay.`);
      } catch {
        // The refusal below says that the service did not respond.
      }
      return refusal("unavailable", `The service ${service} is unreachable. Try again in a moment.`, {
        retryAfterSeconds,
      });
    },
    close: () => dispatcher.destroy(),
  };
}

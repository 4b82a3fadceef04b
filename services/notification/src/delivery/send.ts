import { lookup } from "node:dns";
import { type DiallingFault, diallingFaultOf } from "@crossline/domain";
import { Agent, request } from "undici";
import { PrivateAddressError, publicLookup } from "./address.ts";

/** The reason why an attempt has no status. */
type SendError =
  | "timeout"
  | "dns"
  | "connect"
  | "tls"
  | "connection-lost"
  | "not-http"
  | DiallingFault
  /** The SMTP server refuses all mails of this installation. */
  | "mail-refused"
  /** The address cannot be used in SMTP. */
  | "invalid-address";

/** The result of one attempt: the receiver's HTTP or SMTP status, or an error. `permanent` means that a retry cannot succeed. */
export type AttemptResult = { readonly durationMs: number; readonly permanent?: boolean } & (
  | { readonly status: number; readonly retryAfter?: string }
  | { readonly error: SendError }
);

export type Sender = {
  /**
   * Sends one POST and follows no redirect. The client reads and discards at most 4 kB of the response body. The returned
   * promise never rejects.
   */
  send(url: string, headers: Record<string, string>, payload: string, signal?: AbortSignal): Promise<AttemptResult>;
  close(): Promise<void>;
};

export type SenderSettings = { readonly timeoutMs: number; readonly privateAddresses: "refuse" | "allow" };

const responseBytesMax = 4_096;

/** Creates an HTTP client for receivers. `timeoutMs` limits name resolution, connection, request and response together. */
export function createSender({ timeoutMs, privateAddresses }: SenderSettings): Sender {
  const refuse = privateAddresses === "refuse";
  const agent = new Agent({
    allowH2: false, // with one connection per request, a request that hangs does not block others
    connect: { timeout: timeoutMs, lookup: refuse ? publicLookup : lookup },
    keepAliveTimeout: 4_000,
    maxHeaderSize: 16_384,
  });

  async function attempt(url: string, headers: Record<string, string>, payload: string, signal: AbortSignal) {
    // If the URL has a literal address, the agent resolves no name, so this code checks the address.
    const error = diallingFaultOf(url, { mail: false, privateAddresses });
    if (error !== undefined) return { error };
    const response = await request(url, { method: "POST", dispatcher: agent, signal, headers, body: payload });
    // A fault in the rest of the body changes nothing, because only the status decides the result.
    await response.body.dump({ limit: responseBytesMax, signal }).catch(() => {});
    const retryAfter = response.headers["retry-after"];
    return { status: response.statusCode, ...(typeof retryAfter === "string" && { retryAfter }) };
  }

  return {
    async send(url, headers, payload, signal) {
      const started = performance.now();
      const deadline = AbortSignal.timeout(timeoutMs);
      const either = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
      const outcome = await attempt(url, headers, payload, either).catch((error: unknown) => ({
        error: classify(error),
      }));
      return { ...outcome, durationMs: Math.round(performance.now() - started) };
    },
    close: () => agent.destroy(),
  };
}

const lostCodes = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_ABORTED"]);
const dnsCodes = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "ENODATA", "ESERVFAIL"]);
const connectCodes = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "EACCES"]);

/** Classifies a fault. The result omits the fault's message, which can have addresses of private networks. */
function classify(error: unknown): SendError {
  for (let fault: unknown = error, depth = 0; fault instanceof Error && depth < 5; fault = fault.cause, depth++) {
    if (fault instanceof PrivateAddressError) return "private-address";
    if (fault.name === "TimeoutError" || fault.name === "AbortError") return "timeout";
    if (fault instanceof AggregateError && fault.errors.length > 0) return classify(fault.errors[0]);
    const code = "code" in fault && typeof fault.code === "string" ? fault.code : "";
    if (code.includes("TIMEOUT") || code === "ETIMEDOUT") return "timeout";
    if (dnsCodes.has(code)) return "dns";
    if (connectCodes.has(code)) return "connect";
    if (lostCodes.has(code)) return "connection-lost";
    if (code.startsWith("HPE_")) return "not-http";
    if (/CERT|SSL|TLS/.test(code)) return "tls";
  }
  return "connect";
}

import { type CanaryFault, caseStatus, slug } from "@crossline/contracts";
import { type CanaryReport, faultOfReadBack } from "@crossline/domain";
import { Agent, request } from "undici";
import { z } from "zod";

/** A run of a canary, with the API key with which the run acts. */
type CanaryProbe = {
  readonly canaryId: string;
  readonly carrier: string;
  readonly line: string;
  readonly runId: string;
  readonly key: string;
};

/** The part of a report that a try adds to the id of its run. */
export type CanaryFinding = CanaryReport extends infer R ? (R extends unknown ? Omit<R, "runId"> : never) : never;

/** A door through which customers send inquiries. A try that finds nothing reports a fault, and the worker tries again. */
export type CanaryDoor = {
  /** Sends the inquiry of a run. A repeated call sends the same inquiry, which the door takes only once. */
  send(probe: CanaryProbe, signal: AbortSignal): Promise<readonly CanaryFinding[]>;
  /** Checks for the acknowledgement of an inquiry that the door has taken. */
  acknowledge(probe: CanaryProbe, signal: AbortSignal): Promise<readonly CanaryFinding[]>;
};

/** The REST door, which also reads the case of any run back and closes it. */
export type RestDoor = CanaryDoor & {
  readBack(probe: CanaryProbe, caseId: string, signal: AbortSignal): Promise<readonly CanaryFinding[]>;
  closeCase(probe: CanaryProbe, caseId: string, signal: AbortSignal): Promise<readonly CanaryFinding[]>;
  /** Closes all connections. */
  stop(): Promise<void>;
};

const withinMs = 5_000;
const responseMaxBytes = 1_000_000;

const opened = z.object({ joined: z.literal(false), case: z.object({ id: z.string() }) });
const readCase = z.object({
  status: caseStatus,
  kind: slug,
  canary: z.object({ canaryId: z.string() }).optional(),
});
const readClocks = z.object({ clocks: z.array(z.object({ kind: z.string(), state: z.string() })) });
const problem = z.object({ code: z.string().max(64) });

/** Returns the mail address of the customer in a run's inquiry. No person has this address (RFC 2606, 2). */
function addressOfRun(runId: string): string {
  return `${runId}@${canaryDomain}`;
}

/** The domain of the addresses of canaries. */
export const canaryDomain = "canary.invalid";

type Request<T extends z.ZodType> = {
  readonly path: string;
  /** Present for a POST request. */
  readonly post?: { readonly idempotencyKey: string; readonly body: object };
  readonly schema: T;
  readonly signal: AbortSignal;
};
type Response<T> = { readonly ok: T } | { readonly fault: string };

/** Returns the function that sends one request with the key of a canary and reads the response. */
function createCall(agent: Agent, address: () => string | undefined) {
  return async <T extends z.ZodType>(
    { key }: CanaryProbe,
    { path, post, schema, signal }: Request<T>,
  ): Promise<Response<z.output<T>>> => {
    const unreachable = { fault: "unreachable" satisfies CanaryFault };
    const base = address();
    if (base === undefined) return unreachable;
    const headers = {
      authorization: `Bearer ${key}`,
      ...(post !== undefined && { "content-type": "application/json", "idempotency-key": post.idempotencyKey }),
    };
    try {
      const response = await request(new URL(path, `${base}/`), {
        dispatcher: agent,
        method: post === undefined ? "GET" : "POST",
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
        ...(post !== undefined && { body: JSON.stringify(post.body) }),
      });
      return readResponse(response.statusCode, await response.body.text(), schema);
    } catch {
      return unreachable;
    }
  };
}

/**
 * Connects to the public address of intake, as a customer's system does. `address` returns the address of the door, or undefined as
 * long as the address is unknown.
 */
export function connectRestDoor(address: () => string | undefined): RestDoor {
  const agent = new Agent({
    connections: 8,
    connect: { timeout: withinMs },
    headersTimeout: withinMs,
    bodyTimeout: withinMs,
    maxResponseSize: responseMaxBytes,
  });
  const call = createCall(agent, address);

  const send: CanaryDoor["send"] = async (probe, signal) => {
    const { runId, line } = probe;
    const body = {
      carrierCaseId: runId,
      kind: "inquiry",
      channel: "web",
      title: "Canary",
      line,
      subject: { email: addressOfRun(runId) },
      automated: true,
    };
    const post = { idempotencyKey: `${runId}-open`, body };
    const result = await call(probe, { path: "v1/contacts", post, schema: opened, signal });
    if ("fault" in result) return [{ is: "failed", fault: result.fault }];
    return [{ is: "sent" }, { is: "acknowledged", caseId: result.ok.case.id }];
  };

  return {
    send,
    // The response to the request is the acknowledgement. A repeated request gets the same response.
    acknowledge: send,

    async readBack(probe, caseId, signal) {
      const found = await call(probe, { path: `v1/cases/${caseId}`, schema: readCase, signal });
      if ("fault" in found) return [{ is: "failed", fault: found.fault }];
      const clocks = await call(probe, { path: `v1/cases/${caseId}/clocks`, schema: readClocks, signal });
      if ("fault" in clocks) return [{ is: "failed", fault: clocks.fault }];
      const fault = faultOfReadBack(probe.canaryId, { case: found.ok, clocks: clocks.ok.clocks });
      return [fault === undefined ? { is: "read-back" } : { is: "failed", fault }];
    },

    async closeCase(probe, caseId, signal) {
      const body = { note: "The canary's run has ended.", automated: true };
      const post = { idempotencyKey: `${probe.runId}-close`, body };
      const closed = await call(probe, { path: `v1/cases/${caseId}/close`, post, schema: z.unknown(), signal });
      return ["fault" in closed ? { is: "failed", fault: closed.fault } : { is: "closed" }];
    },

    stop: () => agent.destroy(),
  };
}

function readResponse<T extends z.ZodType>(status: number, text: string, schema: T): Response<z.output<T>> {
  const unreadable = { fault: "unreadable-response" satisfies CanaryFault };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return unreadable;
  }
  if (status >= 200 && status < 300) {
    const read = schema.safeParse(body);
    return read.success ? { ok: read.data } : unreadable;
  }
  const refused = problem.safeParse(body);
  return refused.success ? { fault: refused.data.code } : unreadable;
}

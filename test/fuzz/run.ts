import { type Dispatcher, Pool } from "undici";
import { type Operation, closeSchemas, operationsOf } from "../openapi/document.ts";
import type { Stage } from "../scenarios/stage.ts";
import { seeded } from "../simulation/random.ts";
import { type FuzzResponse, isRetryLater, checkResponse } from "./check-response.ts";
import { type FuzzRequest, type Source, nextRequest } from "./requests.ts";
import { openWorld } from "./world.ts";

type Fault = { readonly what: string; readonly sent: string };

export type FuzzResult = {
  readonly seed: number;
  readonly requests: number;
  readonly faults: readonly Fault[];
  /** The number of 503 responses with a `Retry-After` header. */
  readonly later: number;
  readonly byStatus: ReadonlyMap<string, number>;
  readonly byDamage: ReadonlyMap<string, number>;
  /** The number of requests and of successful responses by operation. */
  readonly byOperation: ReadonlyMap<string, { readonly sent: number; readonly good: number }>;
};

export type FuzzOptions = { readonly requests: number; readonly seed: number; readonly operatorKey: string };

const connections = 40;

/** Sends `requests` requests to the platform and compares each response with the document. */
export async function fuzz(stage: Stage, { requests, seed, operatorKey }: FuzzOptions): Promise<FuzzResult> {
  const document = (await (await fetch(`${stage.url}/openapi.json`)).json()) as {
    components: { schemas: Source["schemas"] };
  };
  const operations = operationsOf(closeSchemas(document));
  const world = await openWorld(stage, operatorKey);
  const source: Source = { operations, schemas: document.components.schemas, world, random: seeded(seed) };
  const pool = new Pool(stage.url, { connections, headersTimeout: 90_000, bodyTimeout: 90_000 });
  const tally = new Tally();
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const sent = nextRequest(source);
      const response = await sendRequest(pool, sent).catch((error: unknown) => String(error));
      const fault =
        typeof response === "string" ? `no response: ${response}` : checkResponse(operations, sent, response);
      tally.count(sent, response, fault);
      if (typeof response !== "string" && response.status < 300 && response.text !== "" && fault === undefined)
        learnFrom(source, sent, response);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  await pool.close();
  return { seed, requests, ...tally.result(operations) };
}

function learnFrom({ world }: Source, { operation, request }: FuzzRequest, { headers, text }: FuzzResponse): void {
  const isJson = String(headers["content-type"]).startsWith("application/json") && text.startsWith("{");
  if (request.method === operation.method && isJson) world.learn(operation, request.path, JSON.parse(text));
}

async function sendRequest(pool: Pool, { request }: FuzzRequest): Promise<FuzzResponse> {
  const { method, path, headers, body = null } = request;
  const received = await pool.request({ method, path, headers, body });
  if (received.headers["content-type"] === "text/event-stream") return endStream(received);
  return { status: received.statusCode, headers: received.headers, text: await received.body.text() };
}

/** A stream has no end, so the client cuts it after the first bytes. */
async function endStream({ statusCode: status, headers, body }: Dispatcher.ResponseData): Promise<FuzzResponse> {
  for await (const chunk of body) return { status, headers, text: String(chunk) };
  return { status, headers, text: "" };
}

class Tally {
  readonly #faults = new Map<string, Fault>();
  readonly #byStatus = new Map<string, number>();
  readonly #byDamage = new Map<string, number>();
  readonly #byOperation = new Map<string, { sent: number; good: number }>();
  #later = 0;

  count({ operation, request, damage }: FuzzRequest, response: FuzzResponse | string, fault: string | undefined): void {
    const status = typeof response === "string" ? "none" : String(response.status);
    add(this.#byStatus, status);
    for (const name of damage.length === 0 ? ["none"] : damage) add(this.#byDamage, name);
    const known = this.#byOperation.get(operation.id) ?? { sent: 0, good: 0 };
    const isGood = status.startsWith("2");
    this.#byOperation.set(operation.id, { sent: known.sent + 1, good: known.good + Number(isGood) });
    if (typeof response !== "string" && isRetryLater(response)) this.#later++;
    if (fault === undefined) return;
    const { method, path, headers, body = "" } = request;
    const sent = `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 400)} ${String(body).slice(0, 600)}`;
    this.#faults.set(`${operation.id} ${fault.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…").slice(0, 200)}`, {
      what: fault,
      sent: `[${damage.join(", ")}] ${sent}`,
    });
  }

  result(operations: readonly Operation[]) {
    for (const { id } of operations) if (!this.#byOperation.has(id)) this.#byOperation.set(id, { sent: 0, good: 0 });
    return {
      faults: [...this.#faults.values()],
      later: this.#later,
      byStatus: this.#byStatus,
      byDamage: this.#byDamage,
      byOperation: this.#byOperation,
    };
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

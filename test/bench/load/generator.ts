import { Client } from "undici";
import { type LoadRequest, openingRequest } from "./requests.ts";

/** The task of the generator. */
export type LoadTask = {
  readonly url: string;
  readonly key: string;
  /**
   * The line of the cases. Each case then has a live handling. Without `line`, each case has the default line and no
   * handling.
   */
  readonly line?: string;
  readonly connections: number;
  readonly seconds: number;
  /**
   * The number of requests per second, even while earlier requests have no response. A request without a free
   * connection is not sent. Without `rate`, each connection sends its next request after the previous response.
   */
  readonly rate?: number;
  /** True if the result contains the ids of the opened cases. */
  readonly keepIds?: boolean;
};

export type LoadResult = {
  /** The number of responses by status. 0 means no response. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Milliseconds from the request to the end of its response, by status. */
  readonly delays: Readonly<Record<number, Float64Array>>;
  /** Refusals (429, 503) without a `Retry-After`. */
  readonly withoutRetryAfter: number;
  /** The number of due requests that found no free connection. Without `rate`, this number is always 0. */
  readonly notSent: number;
  /** The ids of the cases that intake accepted with a 201, in order. `at` has the wall time for each id. */
  readonly ids: readonly string[];
  readonly at: Float64Array;
  readonly seconds: number;
};

type LoadResponse = { readonly status: number; readonly retryAfter: boolean; readonly id: string | undefined };

/** The load comes from a separate process with one task, so that it does not share the server's event loop. */
process.once("message", (task: LoadTask) => {
  void run(task).then((result) => process.send?.(result, () => process.exit(0)));
});

async function run(task: LoadTask): Promise<LoadResult> {
  const clients = Array.from({ length: task.connections }, () => new Client(task.url, { pipelining: 1 }));
  const delays = new Map<number, number[]>();
  const ids: string[] = [];
  const at: number[] = [];
  let withoutRetryAfter = 0;
  let notSent = 0;

  async function one(client: Client): Promise<void> {
    const began = performance.now();
    const { status, retryAfter, id } = await send(client, openingRequest(task.key, task.line), task.keepIds === true);
    const tookMs = performance.now() - began;
    if (status === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const ofStatus = delays.get(status) ?? [];
    delays.set(status, ofStatus);
    ofStatus.push(tookMs);
    if ((status === 429 || status === 503) && !retryAfter) withoutRetryAfter++;
    if (id === undefined) return;
    ids.push(id);
    at.push(Date.now());
  }

  const began = performance.now();
  const until = began + task.seconds * 1000;
  if (task.rate === undefined) {
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < until) await one(client);
      }),
    );
  } else {
    const free = [...clients];
    const running = new Set<Promise<void>>();
    for (let due = 0; performance.now() < until; await new Promise((resolve) => setTimeout(resolve, 2))) {
      for (const now = ((performance.now() - began) * task.rate) / 1000; due < now; due++) {
        const client = free.pop();
        if (client === undefined) {
          notSent++;
          continue;
        }
        const sending = one(client).finally(() => {
          free.push(client);
          running.delete(sending);
        });
        running.add(sending);
      }
    }
    await Promise.all(running);
  }
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(clients.map((client) => client.destroy()));
  const counted = [...delays];
  return {
    statuses: Object.fromEntries(counted.map(([status, of]) => [status, of.length])),
    delays: Object.fromEntries(counted.map(([status, of]) => [status, Float64Array.from(of)])),
    withoutRetryAfter,
    notSent,
    ids,
    at: Float64Array.from(at),
    seconds,
  };
}

/**
 * Sends a request with `dispatch`, the fastest method of the client library. `dispatch` takes a third of the time of
 * `request`, so more time is left for the server.
 */
function send(client: Client, request: LoadRequest, keepId: boolean): Promise<LoadResponse> {
  return new Promise((resolve) => {
    let status = 0;
    let retryAfter = false;
    const chunks: Buffer[] = [];
    client.dispatch(request, {
      onRequestStart: () => {},
      onResponseStart: (_controller, code, headers) => {
        status = code;
        retryAfter = headers["retry-after"] !== undefined;
      },
      onResponseData: (_controller, chunk) => {
        if (keepId && status === 201) chunks.push(chunk);
      },
      onResponseEnd: () => {
        const text = chunks.length > 0 ? Buffer.concat(chunks).toString() : undefined;
        resolve({ status, retryAfter, id: text === undefined ? undefined : (JSON.parse(text) as { id: string }).id });
      },
      onResponseError: () => resolve({ status: 0, retryAfter, id: undefined }),
    });
  });
}

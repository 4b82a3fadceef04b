import { setTimeout as delay } from "node:timers/promises";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { ResponseFault, parseProblem } from "../client.ts";

/** An event of the stream. `id` is the position of the row. */
export type StreamEvent = { readonly id: number; readonly event: string; readonly data: unknown };

const againMs = 1_000;

/**
 * Reads the stream of a company until the signal aborts. After a lost connection, the function connects again at the last row, so that no
 * row is lost and none comes twice. Throws a ResponseFault if Crossline refuses the first connection or the key.
 */
export async function readStream(
  address: URL,
  key: string,
  { onEvent, onLost, signal }: { onEvent: (event: StreamEvent) => void; onLost: () => void; signal: AbortSignal },
): Promise<void> {
  let lastId: number | undefined;
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      for await (const event of connect(address, key, lastId, signal)) {
        lastId = event.id;
        onEvent(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ResponseFault && (isFirst || error.status < 500)) throw error;
    }
    if (signal.aborted) return;
    onLost();
    await delay(againMs, undefined, { signal }).catch(() => undefined);
  }
}

async function* connect(
  address: URL,
  key: string,
  lastId: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const headers = { authorization: `Bearer ${key}`, ...(lastId !== undefined && { "last-event-id": String(lastId) }) };
  const response = await fetch(address, { headers, signal });
  if (!response.ok || response.body === null)
    throw new ResponseFault(`GET ${address.pathname}`, response, parseProblem(await response.text()));
  const text = response.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  for await (const { id, event, data } of text.pipeThrough(new EventSourceParserStream()))
    if (id !== undefined && event !== undefined) yield { id: Number(id), event, data: JSON.parse(data) };
}

import { EventSourceParserStream } from "eventsource-parser/stream";

/** A server-sent event (WHATWG HTML, 9.2). */
type SentEvent = {
  readonly id: number;
  readonly event: string;
  readonly data: { readonly id: string; readonly phase?: string };
  /** The arrival, by `performance.now()`. */ readonly at: number;
};

/** An open stream, whose rows a test reads. */
export type EventSource = {
  /** The rows and the `gone` events so far. Heartbeats are left out. */
  readonly events: readonly SentEvent[];
  /** Cuts the connection. */
  close(): Promise<void>;
};

/** Opens a stream over the public address. With `lastId` the stream continues after this event. */
export async function openStream(url: string, key: string, lastId?: number): Promise<EventSource> {
  const cut = new AbortController();
  const response = await fetch(url, {
    signal: cut.signal,
    headers: { authorization: `Bearer ${key}`, ...(lastId !== undefined && { "last-event-id": String(lastId) }) },
  });
  if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const events: SentEvent[] = [];
  const reading = read(response.body, events).catch(() => undefined); // The cut ends the reading with an error.
  return {
    events,
    async close() {
      cut.abort();
      await reading;
    },
  };
}

async function read(body: ReadableStream<Uint8Array>, events: SentEvent[]): Promise<void> {
  const text = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  for await (const { id, event, data } of text.pipeThrough(new EventSourceParserStream())) {
    if (id === undefined || event === undefined) continue; // A heartbeat has no position.
    events.push({ id: Number(id), event, data: JSON.parse(data) as SentEvent["data"], at: performance.now() });
  }
}

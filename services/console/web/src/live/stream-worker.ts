import type { PresentedRow } from "@crossline/contracts";
import type { StreamMessage, StreamName, StreamRequest } from "./messages.ts";

/**
 * Runs once per browser and session, and shares one EventSource per stream among all tabs. Over HTTP/1.1 a browser opens six connections
 * to one address. With a stream per tab, the seventh tab would wait for ever.
 */

type RowChange = Extract<StreamMessage, { kind: "row" | "gone" }>;

const keptChangesMax = 2_000;
const retryAfterMs = { first: 1_000, max: 30_000 };
// A browser runs the timers of a tab in the background once a minute.
const silentPortMs = 150_000;
// The console sends a heartbeat every 15 s.
const silentStreamMs = 40_000;

class SharedStream {
  readonly ports = new Map<MessagePort, number>();
  private readonly changes: RowChange[] = [];
  private source: EventSource | undefined;
  private position: number;
  /** The position from which `changes` is complete. */
  private keptSince: number;
  private retryMs = retryAfterMs.first;
  private heardAt = Date.now();
  private lostSince: number | undefined;
  private isEnded = false;
  private readonly name: StreamName;

  constructor(name: StreamName, after: number) {
    this.name = name;
    this.position = after;
    this.keptSince = after;
    this.connect();
  }

  /** Adds a screen that has read the board at the position `after`, and sends it the later changes. */
  add(port: MessagePort, after: number): void {
    this.ports.set(port, Date.now());
    if (after < this.keptSince) post(port, { kind: "resync" });
    for (const change of this.changes) if (change.position > after) post(port, change);
    post(port, this.state());
  }

  /** Ends the connection if no screen needs it, and connects again if the stream is silent for too long. */
  check(now: number): boolean {
    for (const [port, aliveAt] of this.ports) if (now - aliveAt > silentPortMs) this.ports.delete(port);
    if (this.ports.size === 0) {
      this.isEnded = true;
      this.source?.close();
      return false;
    }
    if (this.source !== undefined && now - this.heardAt > silentStreamMs) this.lose();
    return true;
  }

  private connect(): void {
    const query = new URLSearchParams({ ...this.name, after: String(this.position) });
    const source = new EventSource(`/v1/stream?${query}`);
    this.source = source;
    this.heardAt = Date.now();
    source.addEventListener("open", () => this.hear());
    source.addEventListener("heartbeat", () => this.hear());
    source.addEventListener("row", ({ data, lastEventId }) =>
      this.change({ kind: "row", position: Number(lastEventId), row: JSON.parse(data) as PresentedRow }),
    );
    source.addEventListener("gone", ({ data, lastEventId }) =>
      this.change({ kind: "gone", position: Number(lastEventId), id: (JSON.parse(data) as { id: string }).id }),
    );
    source.addEventListener("error", () => this.lose());
  }

  private hear(): void {
    this.heardAt = Date.now();
    this.retryMs = retryAfterMs.first;
    this.lostSince = undefined;
    this.send(this.state());
  }

  private change(change: RowChange): void {
    this.heardAt = Date.now();
    this.position = Math.max(this.position, change.position);
    this.changes.push(change);
    const forgotten = this.changes.splice(0, Math.max(0, this.changes.length - keptChangesMax));
    this.keptSince = forgotten.at(-1)?.position ?? this.keptSince;
    this.send(change);
  }

  /** Closes the connection and connects again later. EventSource itself gives up after a response that is no stream. */
  private lose(): void {
    this.source?.close();
    this.source = undefined;
    this.lostSince ??= this.heardAt;
    this.send(this.state());
    setTimeout(() => {
      if (!this.isEnded) this.connect();
    }, this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, retryAfterMs.max);
  }

  private state(): StreamMessage {
    return this.lostSince === undefined
      ? { kind: "state", state: "live", at: this.heardAt }
      : { kind: "state", state: "lost", since: this.lostSince };
  }

  private send(message: StreamMessage): void {
    for (const port of this.ports.keys()) post(port, message);
  }
}

const streams = new Map<string, SharedStream>();

function post(port: MessagePort, message: StreamMessage): void {
  port.postMessage(message);
}

function receive(port: MessagePort, request: StreamRequest): void {
  if (request.kind === "open") {
    const key = `${request.stream.scope} ${request.stream.timeline}`;
    const stream = streams.get(key) ?? new SharedStream(request.stream, request.after);
    streams.set(key, stream);
    stream.add(port, request.after);
    return;
  }
  for (const { ports } of streams.values()) {
    if (!ports.has(port)) continue;
    if (request.kind === "alive") ports.set(port, Date.now());
    else ports.delete(port);
  }
  if (request.kind === "close") port.close();
}

setInterval(() => {
  for (const [key, stream] of streams) if (!stream.check(Date.now())) streams.delete(key);
}, 5_000);

globalThis.addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  port.addEventListener("message", ({ data }) => receive(port, data as StreamRequest));
  port.start();
});

import type { ServerResponse } from "node:http";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { type ChangedRow, readChanges, readHeads } from "../store/board-pages.ts";
import { type StreamScope, heartbeat, toEvent } from "./events.ts";

/** A stream that a client requests. `position` is the position of the last row that the client has. */
type StreamRequest = {
  readonly party: string;
  readonly timeline: string;
  readonly scope: StreamScope;
  readonly position: number;
  /** Returns false if the client's key has ended. */
  readonly isAllowed: () => Promise<boolean>;
};

/** The open streams of this process. */
export type Streams = Pick<Loop, "stop"> & {
  /** True if the process accepts no further stream of this company. One company gets at most half of the places. */
  isFull(party: string): boolean;
  /** Adds a stream. The response must have its headers. */
  open(request: StreamRequest, response: ServerResponse): void;
  /** Sends new rows at once. */
  wake(): void;
  /** Ends all streams. Their clients connect again. */
  endAll(): void;
  count(): number;
};

type Stream = StreamRequest & { position: number; readonly response: ServerResponse };

export type StreamsDeps = { readonly database: Database; readonly log: Log; readonly streamsMax: number };

/** Another process may have applied the records, so each process polls the heads of the companies with open streams. */
const pollMs = 100;
const idleMs = 60_000;
const heartbeatMs = 15_000;
const rowsMax = 500;
/** A client that reads so slowly that more bytes wait loses its stream, and continues at its last position. */
const waitingBytesMax = 1_000_000;

/** Creates the open streams, and the loop that sends them the changed rows of their companies. One query per company serves all its streams. */
export function createStreams({ database, log, streamsMax }: StreamsDeps): Streams {
  const streams = new Set<Stream>();
  let beatenAt = performance.now();

  const run = async (): Promise<{ sleepMs: number }> => {
    if (streams.size === 0) return { sleepMs: idleMs };
    if (performance.now() - beatenAt >= heartbeatMs) {
      beatenAt = performance.now();
      await beat([...streams]);
    }
    const byParty = Map.groupBy(streams, ({ party }) => party);
    let hasMore = false;
    for (const { party, position } of await readHeads(database, [...byParty.keys()])) {
      const behind = (byParty.get(party) ?? []).filter((stream) => stream.position < position);
      if (behind.length > 0 && (await sendChanges(database, party, behind))) hasMore = true;
    }
    return { sleepMs: hasMore ? 0 : pollMs };
  };
  const loop = startLoop({ name: "streams", log, run });

  return {
    isFull: (party) =>
      streams.size >= streamsMax ||
      [...streams].filter((stream) => stream.party === party).length >= Math.ceil(streamsMax / 2),
    open(request, response) {
      const stream = { ...request, response };
      streams.add(stream);
      response.once("close", () => streams.delete(stream));
      loop.wake();
    },
    wake() {
      if (streams.size > 0) loop.wake();
    },
    endAll() {
      for (const { response } of streams) response.end();
    },
    count: () => streams.size,
    async stop() {
      await loop.stop();
      for (const { response } of streams) response.end();
    },
  };
}

/** Sends the next changed rows to the streams of one company. Returns true if more rows wait. */
async function sendChanges(database: Database, party: string, streams: readonly Stream[]): Promise<boolean> {
  const after = Math.min(...streams.map(({ position }) => position));
  const changes = await readChanges(database, party, after, rowsMax);
  for (const stream of streams) {
    const own = changes.filter(({ position, timeline }) => position > stream.position && timeline === stream.timeline);
    stream.position = Math.max(stream.position, changes.at(-1)?.position ?? 0);
    write(stream, own);
  }
  return changes.length === rowsMax;
}

function write({ response, scope }: Stream, changes: readonly ChangedRow[]): void {
  if (changes.length === 0) return;
  response.write(changes.map((change) => toEvent(change, scope)).join(""));
  if (response.writableLength > waitingBytesMax) response.destroy();
}

/** Sends heartbeats, and ends the streams whose keys have ended. */
async function beat(streams: readonly Stream[]): Promise<void> {
  const text = heartbeat(new Date().toISOString());
  for (const { response, isAllowed } of streams) {
    if (await isAllowed()) response.write(text);
    else response.end();
  }
}

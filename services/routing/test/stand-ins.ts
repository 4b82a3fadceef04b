import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Instant, type ReceivedMessage, formatInstant, queueTopic, topics } from "@crossline/contracts";
import { type Broker, fromWire } from "@crossline/messaging";

export const internalKey = "internal-key-of-the-tests";
export const partitions = 4;
export const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

/** Reads all records that routing sends, from its topics. */
export async function witness(broker: Broker, vendors: readonly string[]): Promise<ReceivedMessage[]> {
  const queues = vendors.flatMap((vendor) => [queueTopic(vendor, "wall"), queueTopic(vendor, "stepped")]);
  const watched = [topics.handoff, topics.line, ...queues];
  await broker.ensureTopics(watched.map((topic) => ({ topic, partitions, compacted: topic === topics.line })));
  const seen: ReceivedMessage[] = [];
  await broker.subscribe({
    group: "witness",
    topics: watched,
    onAssigned: () => Promise.resolve(new Map()),
    onRecords: ({ records }) => {
      for (const record of records) {
        const read = fromWire(record);
        if (!read.ok || read.skipped) throw new Error(read.ok ? "skipped" : read.reason);
        seen.push(read.event);
      }
      return Promise.resolve();
    },
    onCrash: (error) => {
      throw error;
    },
  });
  return seen;
}

/**
 * Starts a stand-in of intake's internal route. The stand-in reports a timeline as caught up if the test has set its mark, and
 * otherwise returns `not_quiet`.
 */
export async function startIntakeStub(marks: ReadonlyMap<string, Instant>) {
  const server = createServer((request, response) => {
    const timeline = /^\/internal\/timelines\/([^/]+)\/quiet\?party=[\w-]+$/.exec(request.url ?? "")?.[1] ?? "";
    const isAllowed = request.method === "POST" && request.headers.authorization === `Bearer ${internalKey}`;
    const mark = marks.get(timeline);
    response.setHeader("content-type", "application/json");
    if (!isAllowed) {
      response.writeHead(401).end("{}");
    } else if (mark === undefined) {
      const problem = {
        type: "/problems/not_quiet",
        title: "t",
        status: 409,
        detail: "The timeline has not caught up.",
        code: "not_quiet",
      };
      response.writeHead(409, { "retry-after": "1" }).end(JSON.stringify(problem));
    } else {
      response.end(JSON.stringify({ mark: formatInstant(mark) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

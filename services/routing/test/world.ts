import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { newKey } from "@crossline/access";
import {
  type EventData,
  type EventType,
  type Instant,
  type LineDocument,
  type LineRef,
  type Message,
  type Received,
  formatInstant,
  newId,
  queueTopic,
  timelineKind,
  topics,
} from "@crossline/contracts";
import { type Broker, fromWire, memoryBroker, toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { freshDatabase, waitFor } from "@crossline/testing";
import { type Routing, startRouting } from "../src/app.ts";

const internalKey = "internal-key-of-the-tests";
const partitions = 4;

export type Answer = { readonly status: number; readonly body: any; readonly headers: Headers };
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** Routing as it really runs, on a database of its own, with the tests in the place of intake and the timer. */
export type World = Awaited<ReturnType<typeof startWorld>>;

export async function startWorld(
  options: {
    readonly broker?: Broker;
    readonly parties?: Readonly<Record<string, "carrier" | "vendor" | "operator">>;
  } = {},
) {
  const {
    parties = { northtel: "carrier", southtel: "carrier", orchard: "vendor", quill: "vendor", desk: "operator" },
  } = options;
  const fresh = await freshDatabase("routing");
  const database: Database = connect(fresh.options("routing"));
  const logged: Record<string, unknown>[] = [];
  const log = createLogger("routing", "info", { write: (line) => void logged.push(JSON.parse(line)) });
  const broker = options.broker ?? memoryBroker({ log });
  const marks = new Map<string, Instant>();
  const intake = await startIntakeStub(marks);
  const config = { internalKey, partitions, intakeUrl: intake.url };
  const start = (): Promise<Routing> => startRouting({ database, broker, log, config });
  let routing = await start();
  const seen = await witness(
    broker,
    Object.keys(parties).filter((party) => parties[party] === "vendor"),
  );

  const keys = new Map<string, string>();
  const send = (message: Message): Promise<void> => broker.send([toWire(message, "/test")]);
  for (const [party, kind] of Object.entries(parties)) {
    const { keyId, key, hash } = newKey(party);
    keys.set(party, key);
    const data: EventData<"party.recorded"> = { party, kind, name: party, keys: [{ keyId, hash }] };
    const time = Date.now();
    await send({ topic: topics.party, key: party, sequence: 1, type: "party.recorded", time, timeline: "wall", data });
  }

  const as =
    (party: string): Ask =>
    async (method, path, body, headers = {}) => {
      const response = await fetch(`${routing.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${keys.get(party) ?? party}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") ?? false;
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    };

  /** Resolves when everything that routing has told so far was seen. */
  const drained = (): Promise<unknown> =>
    waitFor(async () => (await database.query({ text: "select from outbox limit 1" })).length === 0, {
      what: "an empty outbox",
    });

  return {
    as,
    internal: as(internalKey),
    database,
    broker,
    logged,
    marks,
    seen,
    drained,
    send,
    databaseUrl: fresh.url,
    /** Publishes a line for a carrier and says how a case names it. */
    async publish(carrier: string, document: Partial<LineDocument> & { readonly line: string }): Promise<LineRef> {
      const { status, body } = await as(carrier)("POST", "/v1/lines", { ...sound, ...document });
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body.line as LineRef;
    },
    open: (line: LineRef, more: Opening = {}) => openCase({ send, seen, drained, marks }, line, more),
    async restart(): Promise<void> {
      await routing.stop();
      routing = await start();
    },
    async stop(): Promise<void> {
      await routing.stop();
      await Promise.all([broker.close(), intake.close()]);
      await database.close();
      await fresh.drop();
    },
  };
}

export const sound: LineDocument = {
  line: "handheld",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }],
  crossing: [
    { to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT90S", repeat: 1 },
    { to: "queue:orchard.tier2", mode: "ticket", acceptWithin: "PT30M", repeat: 2 },
  ],
  lastResort: ["https://northtel.example/duty"],
};

/** Saturday, nine o'clock in Toronto. */
export const nine: Instant = Date.UTC(2026, 2, 7, 14);

export function newTimeline(): string {
  return newId("stp");
}

type Opening = { readonly timeline?: string; readonly at?: Instant } & Partial<EventData<"case.opened">>;
type Tools = {
  readonly send: (message: Message) => Promise<void>;
  readonly seen: Received[];
  readonly drained: () => Promise<unknown>;
  readonly marks: Map<string, Instant>;
};

export type Case = Awaited<ReturnType<typeof openCase>>;

/** A case as intake and the timer would tell of it. Every step resolves when routing has applied it. */
async function openCase(tools: Tools, line: LineRef, { timeline = newTimeline(), at = nine, ...more }: Opening) {
  const id = newId("cs");
  const { carrier } = line;
  const rep = { party: more.carrier ?? carrier, person: "rep-17", automated: false };
  const sequences: Record<string, number> = {};
  let now = at;

  async function tell<T extends EventType>(type: T, data: EventData<T>, topic: string = topics.case): Promise<number> {
    const sequence = (sequences[topic] = (sequences[topic] ?? 0) + 1);
    if (timelineKind(timeline) === "stepped") tools.marks.set(timeline, Math.max(now, tools.marks.get(timeline) ?? 0));
    await tools.send({ topic, key: id, sequence, type, time: now, timeline, data });
    return sequence;
  }

  const one = {
    id,
    timeline,
    rep,
    tell,
    /** Time goes on, also on the timeline's mark. */
    after(seconds: number): void {
      now += seconds * 1_000;
      if (timelineKind(timeline) === "stepped") tools.marks.set(timeline, now);
    },
    now: () => now,
    breach(kind: EventData<"clock.breached">["kind"], incarnation: string = "case/1"): Promise<string> {
      const firingId = newId("fir");
      const dueAt = formatInstant(now);
      const clock = { firingId, clock: kind, kind, incarnation, threshold: 100, charged: carrier };
      const data = { ...clock, startedAt: formatInstant(at), dueAt, firedAt: dueAt };
      return tell("clock.breached", data, topics.clock).then(() => firingId);
    },
    cross: () => tell("crossing.requested", { actor: rep, asOf: 1 }),
    note: (text: string) =>
      tell("entry.added", {
        actor: rep,
        entryId: newId("en"),
        kind: "note",
        audience: "partners",
        by: "party",
        news: true,
        text,
      }),
    /** What routing has told of this case, in order: the topics of hand-offs and queues apart. */
    async told(): Promise<{ readonly handoffs: Received[]; readonly queue: Received[] }> {
      await tools.drained();
      const own = tools.seen.filter(({ key }) => key === id);
      return {
        handoffs: own.filter(({ topic }) => topic === topics.handoff),
        queue: own.filter(({ topic }) => topic.startsWith("crossline.queue.")),
      };
    },
    async types(): Promise<string[]> {
      return (await one.told()).handoffs.map(({ type }) => type);
    },
    /** The id of the offer that was made last. */
    async offered(): Promise<string> {
      const offers = (await one.told()).handoffs.filter(({ type }) => type === "handoff.offered");
      return (offers.at(-1)?.data as { handoffId: string }).handoffId;
    },
  };
  await tell("case.opened", {
    actor: rep,
    carrier,
    carrierCaseId: `N-${id.slice(-6)}`,
    kind: "fault",
    severity: "major",
    title: "Handheld is dead",
    channel: "phone",
    line,
    lineReason: "named",
    status: "acknowledged",
    device: { vendor: "orchard", model: "Handheld 8700" },
    symptom: "dead-device",
    subject: { name: "A. Customer", phone: "+1 416 555 0100" },
    ...more,
  });
  return one;
}

/** Everything that routing sends, as an outsider would read it. */
async function witness(broker: Broker, vendors: readonly string[]): Promise<Received[]> {
  const queues = vendors.flatMap((vendor) => [queueTopic(vendor, "wall"), queueTopic(vendor, "stepped")]);
  const watched = [topics.handoff, topics.line, ...queues];
  await broker.ensureTopics(watched.map((topic) => ({ topic, partitions, compacted: topic === topics.line })));
  const seen: Received[] = [];
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

/** Stands for intake's internal route: a timeline is quiet at once, at the mark that the test has set, or for ever unquiet without one. */
async function startIntakeStub(marks: ReadonlyMap<string, Instant>) {
  const server = createServer((request, response) => {
    const timeline = /^\/internal\/timelines\/([^/]+)\/quiet$/.exec(request.url ?? "")?.[1] ?? "";
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
        detail: "It did not come to rest.",
        code: "not_quiet",
      };
      response.writeHead(409).end(JSON.stringify(problem));
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

/** What an engineer says who accepts. */
export function acceptance(token: number, dossierVersion: number, eta: Instant = nine + 7 * 86_400_000) {
  return {
    token,
    person: "eng-4",
    engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
    vendorCaseId: "OR-5501",
    nextStep: "Look at free memory with the customer",
    eta: formatInstant(eta),
    readBack: { problem: "Handheld is dead", tried: "nothing yet" },
    dossierVersion,
  };
}

import { createAssertions, generateKey, operatorKeyHolder } from "@crossline/access";
import {
  type EventData,
  type Instant,
  type LineDocument,
  type LineRef,
  type Message,
  topics,
} from "@crossline/contracts";
import { type Broker, memoryBroker, toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { type StartedService, startService } from "@crossline/chassis";
import { freshDatabase, waitFor } from "@crossline/testing";
import { routing as program } from "../src/app.ts";
import { type Opening, openCase } from "./case-publisher.ts";
import { internalKey, partitions, startIntakeStub, witness } from "./stand-ins.ts";

export { type Case, acceptance, newTimeline, nine } from "./case-publisher.ts";

type Answer = { readonly status: number; readonly body: any; readonly headers: Headers };
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** Starts the real routing with its own database. The tests take the place of intake and the timer. */
export type World = Awaited<ReturnType<typeof startWorld>>;

export async function startWorld(
  options: {
    readonly broker?: Broker;
    readonly parties?: Readonly<Record<string, "carrier" | "vendor" | "operator">>;
  } = {},
) {
  const {
    parties = { northtel: "carrier", southtel: "carrier", orchard: "vendor", quill: "vendor", operator: "operator" },
  } = options;
  const fresh = await freshDatabase("routing");
  const database: Database = connect(fresh.options("routing"));
  const logged: Record<string, unknown>[] = [];
  const log = createLogger("routing", "info", { write: (line) => void logged.push(JSON.parse(line)) });
  const broker = options.broker ?? memoryBroker({ log });
  const marks = new Map<string, Instant>();
  const intake = await startIntakeStub(marks);
  const settings = { internalKey, partitions, intakeUrl: intake.url };
  const start = (): Promise<StartedService> => startService(program, { database, broker, log, settings });
  let routing = await start();
  const seen = await witness(
    broker,
    Object.keys(parties).filter((party) => parties[party] === "vendor"),
  );

  const keys = new Map<string, string>();
  const send = (message: Message): Promise<void> => broker.send([toWire(message, "/test")]);
  for (const [party, kind] of Object.entries(parties)) {
    const { keyId, key, hash } = generateKey(party);
    keys.set(party, key);
    const data: EventData<"party.recorded"> = { party, kind, name: party, keys: [{ keyId, hash }] };
    const time = Date.now();
    await send({ topic: topics.party, key: party, sequence: 1, type: "party.recorded", time, timeline: "wall", data });
  }

  const as = (party: string): Ask => asker(() => routing.url, keyOf(party, keys.get(party)));

  /** Resolves when routing's outbox is empty. */
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
    /** Publishes a line for a carrier, and returns its reference. */
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

/** The operator, as intake names it to the other services. */
const operator = operatorKeyHolder("key_operator", "seal-of-these-tests");

const assertions = createAssertions(internalKey);

/** Returns the key of a party, or a new assertion of the operator for each request. */
function keyOf(party: string, key = party): () => Promise<string> {
  return party === "operator" ? () => assertions.sign(operator) : async () => key;
}

function asker(url: () => string, keyOfCaller: () => Promise<string>): Ask {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await keyOfCaller()}`,
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

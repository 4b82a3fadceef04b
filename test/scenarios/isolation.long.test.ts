import { type Database, connect } from "@crossline/postgres";
import { type KafkaRight, vendorRights } from "@crossline/contracts";
import { serviceNames } from "@crossline/cli";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actNames } from "./isolation/acts.ts";
import { changedPlaces, readBodies } from "./isolation/bodies.ts";
import { type WalkCaller, invalidCallers, keyCallers, readerWithKey, sessionCallers } from "./isolation/callers.ts";
import { type Cast, createCast } from "./isolation/cast.ts";
import type { Company } from "./isolation/company.ts";
import { type CrawledAddresses, crawl, inParallel, readOperations } from "./isolation/crawl.ts";
import { divideForeign, foreignCommands, sendForeign } from "./isolation/foreign-commands.ts";
import { type Ground, openGround } from "./isolation/ground.ts";
import { playHistory, secretKinds } from "./isolation/history.ts";
import { differences, observe } from "./isolation/observe.ts";
import type { Companies, RoleName } from "./isolation/random-case.ts";
import { type TestIssuer, openIssuer } from "./issuer.ts";

/*
 * Two carriers, two vendors and a former vendor plant texts in everything that they set up and write. The carriers and the two vendors also
 * play random histories. No company, no former vendor and no caller without a valid key reads a foreign text. The channels are responses, refusals, streams, topics, webhooks, pages,
 * mails, exports, metrics and logs. The addresses come from the OpenAPI document and the topics from the broker. The walk therefore covers
 * a route or a topic that is added later.
 */

const seeds = [11];
const comparedSeed = 21;

let ground: Ground;
let database: Database;
let cast: Cast;
let issuer: TestIssuer;
/** The addresses of each operation that answers a company, by company. */
const known = new Map<string, CrawledAddresses>();

beforeAll(async () => {
  ground = await openGround();
  database = connect({ url: ground.stage.databaseUrl, schema: "console", applicationName: "isolation-test" });
  issuer = await openIssuer(ground.stage, {}, []);
  cast = await createCast(ground, issuer.url);
}, 300_000);
afterAll(async () => {
  await issuer?.close();
  await database?.close();
  await ground?.close();
});

test("the random histories perform most acts, and have secrets", async () => {
  const [acts, kinds] = [new Set<string>(), new Set<string>()];
  for (const seed of seeds) {
    const history = await playHistory(ground, cast.companies, { seed });
    for (const act of history.acts) acts.add(act);
    for (const kind of history.secrets) kinds.add(kind);
    expect(history.secrets.length, `seed ${seed}`).toBeGreaterThan(10);
  }
  expect([...kinds].toSorted()).toEqual(secretKinds.toSorted());
  const missing = actNames.filter((name) => !acts.has(name));
  expect(missing.length, `never performed: ${missing.join(", ")}`).toBeLessThan(actNames.length / 3);
}, 900_000);

test("no company, no former vendor and no invalid caller reads a foreign text in any response", async () => {
  const { stage, markers, created } = ground;
  const operations = await readOperations(stage);
  const leaks = new Set<string>();
  const faults = new Set<string>();
  let ownTexts = 0;
  const check = (path: string, content: string, { name, party }: Omit<WalkCaller, "reader">) => {
    for (const what of markers.foreignIn(content, party, path)) leaks.add(`${name} reads ${what} at ${path}`);
    if (party !== undefined) ownTexts += markers.ownIn(content, party).length;
  };
  // The action log shows the addresses that a company itself has read, so each company reads its log before it reads foreign addresses.
  const crawled = cast.all.map(async ({ party, key }) => {
    const start = { party, created: created.get(party) ?? [] };
    const byPath = await crawl(operations, start, readerWithKey(stage.url, key));
    known.set(party, byPath);
    for (const byAddress of byPath.values())
      for (const [path, body] of byAddress) check(path, body, { name: party, party });
  });
  await Promise.all(crawled);
  const byCompany = [...known.values()];
  const unreached = operations.filter(({ path }) => byCompany.every((byPath) => byPath.get(path)?.size === 0));
  expect(unreached.map(({ path }) => path)).toEqual(unreachable);

  const lists = byCompany.flatMap((byPath) => [...byPath.values()].map((byAddress) => [...byAddress.keys()]));
  const all = [...new Set(lists.flat())];
  expect(all.length).toBeGreaterThan(300);
  const walk = (paths: readonly string[], { name, party, reader }: WalkCaller) =>
    inParallel(paths, async (path) => {
      const { status, headers, body } = await reader(path);
      if (status >= 500 || (party === undefined && status !== 401)) faults.add(`${name}: ${status} ${path}`);
      check(path, `${headers}\n${body}`, { name, party });
    });
  const isOwn = (path: string, party = "") => [...(known.get(party)?.values() ?? [])].some((of) => of.has(path));
  // A session has the readers of a key, so a session reads some addresses of each operation.
  const some = [...new Set(lists.flatMap((one) => [...one.slice(0, 1), ...one.slice(-1)]))];
  const one = operations.flatMap(({ path }) =>
    byCompany.flatMap((of) => [...(of.get(path)?.keys() ?? [])]).slice(0, 1),
  );
  await Promise.all([
    ...keyCallers(stage, cast.all).map((caller) =>
      walk(
        all.filter((path) => !isOwn(path, caller.party)),
        caller,
      ),
    ),
    ...(await sessionCallers(stage, cast.all)).map((caller) =>
      walk(
        some.filter((path) => !path.startsWith("/v1/actions")),
        caller,
      ),
    ),
    ...(await invalidCallers(stage, database, cast.companies.north)).map((caller) => walk(one, caller)),
  ]);
  expect(ownTexts).toBeGreaterThan(1_000);
  expect({ leaks: [...leaks], faults: [...faults] }).toEqual({ leaks: [], faults: [] });
}, 900_000);

/**
 * The operations that no company of the walk can read. Only a mail brings attachments (inbound-mail.test.ts), and only the operator lists
 * parties and operations.
 */
const unreachable = ["/v1/cases/{id}/attachments/{attachmentId}", "/v1/parties", "/v1/operations"];

test("no company receives a foreign text on a stream", () => {
  const { streams, markers } = ground;
  const leaks = streams.flatMap(({ party, text }) =>
    markers.foreignIn(text, party).map((what) => `${party} reads ${what} in its stream`),
  );
  expect(leaks).toEqual([]);
  for (const { party } of cast.all) {
    const own = streams.filter((stream) => stream.party === party).map(({ text }) => text);
    expect(markers.ownIn(own.join(""), party)).toContain("title");
  }
});

test("no vendor reads a foreign text on any topic that its Kafka user may read", () => {
  const { records, markers } = ground;
  const byTopic = Map.groupBy(records, ({ topic }) => topic);
  expect(byTopic.size).toBeGreaterThan(10);
  for (const { party } of cast.all.filter(({ isCarrier }) => !isCarrier)) {
    const rights = vendorRights(party);
    const readable = [...byTopic].filter(([topic]) => rights.some((right) => isRightTo(topic, right)));
    const leaks = readable.flatMap(([topic, of]) =>
      markers.foreignIn(JSON.stringify(of), party).map((what) => `${party} reads ${what} on the topic ${topic}`),
    );
    expect(leaks).toEqual([]);
    expect(markers.ownIn(JSON.stringify(readable), party)).toContain("title");
  }
});

function isRightTo(topic: string, { resource, name, match }: KafkaRight): boolean {
  return resource === "topic" && (match === "prefixed" ? topic.startsWith(name) : topic === name);
}

test("no webhook, page or mail brings a foreign text to its receiver", async () => {
  const { receivers, markers } = ground;
  const arrived = (channel: string) => receivers.arrivals.filter((one) => one.channel === channel);
  for (const company of cast.all) await isDelivered(company);
  const leaks = receivers.arrivals.flatMap(({ channel, reader, content }) =>
    markers.foreignIn(content, reader).map((what) => `${reader} reads ${what} in a ${channel}`),
  );
  expect([...new Set(leaks)]).toEqual([]);
  for (const channel of ["webhook", "page", "mail"]) {
    const readers = new Set(arrived(channel).map(({ reader }) => reader));
    for (const { party } of cast.all)
      expect({ channel, readers: [...readers] }).toMatchObject({ readers: expect.arrayContaining([party]) });
    expect(arrived(channel).flatMap(({ content, reader }) => markers.ownIn(content, reader)).length).toBeGreaterThan(0);
  }
});

/** Waits until a company's receiver has every webhook, page and mail. */
function isDelivered({ party, client }: Company): Promise<unknown> {
  const waiting = () => client.get<{ items: unknown[] }>("/v1/deliveries?state=waiting&limit=1");
  const what = `the deliveries of ${party}`;
  return waitFor(async () => (await waiting()).items.length === 0, { timeoutMs: 60_000, what });
}

test("no metric, health report or log line has a text of any company", async () => {
  const { stage, markers, logLines } = ground;
  const reports = await Promise.all(
    serviceNames.flatMap((name) =>
      ["/metrics", "/health/live", "/health/ready", "/version"].map(async (path) => {
        const response = await fetch(`${stage.addresses[name]}${path}`);
        return `${name}${path} ${response.status} ${await response.text()}`;
      }),
    ),
  );
  expect(reports.flatMap((text) => markers.plantedIn(text).map((what) => `${text.slice(0, 40)}: ${what}`))).toEqual([]);
  expect(logLines.length).toBeGreaterThan(10);
  const ofLog = logLines.flatMap((line) => markers.plantedIn(line).map((what) => `a log line has ${what}: ${line}`));
  expect(ofLog.slice(0, 10)).toEqual([]);
}, 60_000);

test("a command about a thing of another company changes nothing, and its refusal has no foreign text", async () => {
  const { stage, records } = ground;
  const commands = await foreignCommands(stage, ground, known);
  const callers = cast.all.map((company) => ({ company, ...divideForeign(ground, company.party, commands) }));
  const read = () => readBodies(stage.url, cast.all, known);
  const before = await read();
  // Some bodies have the instant of the request.
  const unsteady = changedPlaces(before, await read());
  const recordsBefore = records.length;

  const refused = callers.map(({ company, aboutOthers }) => sendForeign(stage, ground, company, aboutOthers));
  expect((await Promise.all(refused)).flat()).toEqual([]);
  for (const { aboutOthers } of callers) expect(aboutOthers.length).toBeGreaterThan(100);
  const changed = changedPlaces(before, await read()).filter((place) => !unsteady.includes(place));
  expect(changed).toEqual([]);
  expect(before.size - unsteady.length).toBeGreaterThan(300);
  const published = records.slice(recordsBefore).map(({ headers }) => headers["ce_type"]);
  expect(published.filter((type) => type !== "crossline.audit.watermark.v1")).toEqual([]);

  const own = callers.map(({ company, asOwn }) => sendForeign(stage, ground, company, asOwn));
  expect((await Promise.all(own)).flat()).toEqual([]);
}, 900_000);

/** Plays a history with new companies. */
async function playAnew(onlyFor?: RoleName) {
  const companies: Companies = {
    north: await ground.join("north", "carrier"),
    rogers: await ground.join("rogers", "carrier"),
    orchard: await ground.join("orchard", "vendor"),
    quill: await ground.join("quill", "vendor"),
  };
  const history = await playHistory(ground, companies, {
    seed: comparedSeed,
    ...(onlyFor !== undefined && { onlyFor }),
  });
  for (const company of Object.values(companies)) await isDelivered(company);
  const operations = await readOperations(ground.stage);
  return {
    history,
    of: (role: RoleName) => observe(ground, { operations, history, company: companies[role] }),
  };
}

test("the secrets of other companies change no text, count or report that a company reads", async () => {
  const full = await playAnew();
  for (const role of ["orchard", "north"] as const) {
    const alone = await playAnew(role);
    expect(full.history.secrets.length).toBeGreaterThan(alone.history.secrets.length + 5);
    const [one, other] = [await full.of(role), await alone.of(role)];
    expect(one.length).toBeGreaterThan(100);
    expect({ role, seed: comparedSeed, differences: differences(one, other) }).toMatchObject({ differences: [] });
  }
}, 900_000);

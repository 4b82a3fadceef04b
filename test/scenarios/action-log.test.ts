import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportActions, showActions, verifyActions } from "@crossline/cli";
import { type ActionsPage, type LineDocument, type LoggedAction, eventSchemas } from "@crossline/contracts";
import { checkLog } from "@crossline/domain";
import { type Database, connect } from "@crossline/postgres";
import { isCaseCommand } from "@crossline/service";
import { kafkaBrokers, waitFor } from "@crossline/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { signIn } from "./browser.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * The action log over the real services: each command and each read is in the right part once, and in no
 * other part. A
 * refused or repeated request leaves no row. No role can change a row, an export shows every change, and a rebuild changes nothing.
 */

let stage: Stage;
let database: Database;
const hasKafka = (await kafkaBrokers()) !== undefined;

beforeAll(async () => {
  stage = await openStage({ console: true });
  database = connect({ url: stage.databaseUrl, schema: "console", applicationName: "action-log-test" });
}, 60_000);
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(async () => {
  await database?.close();
  await stage?.close();
});

type Company = Awaited<ReturnType<Stage["party"]>>;

/** Returns the whole part of a company as the database has it. A read over the API would itself add a row. */
async function partOf(party: string): Promise<LoggedAction[]> {
  const rows = await database.query<{ content: LoggedAction; hash: string }>({
    text: "select content, hash from action where party = $1 order by number",
    values: [party],
  });
  return rows.map(({ content, hash }) => ({ ...content, hash }));
}

const commandsOf = async (party: string): Promise<LoggedAction[]> =>
  (await partOf(party)).filter(({ kind }) => kind === "command");

/** Waits until the part of a company has a row of an operation. */
function untilLogged(party: string, operation: string): Promise<LoggedAction> {
  return waitFor(async () => (await partOf(party)).findLast((row) => row.operation === operation), {
    timeoutMs: 15_000,
    what: `the action ${operation} of ${party}`,
  });
}

async function fetchWith(
  { key }: Pick<Company, "key">,
  path: string,
  init: Pick<RequestInit, "method" | "body" | "signal"> & { readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  return fetch(`${stage.url}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
}

const line = (vendor: string): LineDocument => ({
  line: "logged",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.desk`, mode: "ticket", acceptWithin: "PT1H", repeat: 1 }],
  lastResort: ["https://duty.example/"],
});

test("commands on things that a company sets up are in its part once", async () => {
  const { party, client } = await stage.party("setter", "carrier");
  const other = await stage.party("bystander", "carrier");
  const { keyId } = await client.post<{ keyId: string }>(`/v1/parties/${party}/keys`, { scopes: ["read"] });
  await client.delete(`/v1/parties/${party}/keys/${keyId}`);
  const vendor = await stage.party("desk", "vendor");
  await vendor.client.put(`/v1/queues/${vendor.party}.desk`, { carriers: [party] });
  await waitFor(() => client.post("/v1/lines", line(vendor.party)), { timeoutMs: 5_000 });
  await client.post("/v1/rosters", {
    roster: "duty",
    people: [{ id: "p-ada", name: "Ada Secret", mail: "ada@setter.example" }],
    rotation: [{ turn: "daily", start: "2026-03-01", handover: "09:00", zone: "America/Toronto", order: ["p-ada"] }],
  });
  const [from, to] = [1, 2].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
  await client.post("/v1/rosters/duty/overrides", { from, to, person: "p-ada" });
  await untilLogged(party, "publishLine");
  await untilLogged(party, "deleteKey");
  await untilLogged(party, "overrideRoster");
  const commands = await commandsOf(party);
  expect(commands.map(({ operation }) => operation).toSorted()).toEqual([
    "createKey",
    "createKey",
    "deleteKey",
    "overrideRoster",
    "publishLine",
    "publishRoster",
  ]);
  expect(JSON.stringify(commands)).not.toContain("Secret");
  const ownKey = commands.find(({ operation }) => operation === "publishLine")?.actor.keyId;
  expect(commands.find(({ operation }) => operation === "deleteKey")).toMatchObject({
    party,
    actor: { party, keyId: ownKey },
    address: `/v1/parties/${party}/keys/${keyId}`,
    service: "intake",
  });
  // The operator made the first key, so that row is in the parts of both.
  const first = commands.find(({ actor }) => actor.party === "operator");
  expect((await partOf("operator")).filter(({ source }) => source === first?.source)).toHaveLength(1);
  expect((await commandsOf(other.party)).map(({ operation }) => operation)).toEqual(["createKey"]);
}, 60_000);

test("a refused, a repeated and a rolled-back request leave no row, and a client cannot hide a command", async () => {
  const company = await stage.party("repeater", "carrier");
  const { party } = company;
  const post = (body: object, idempotencyKey: string) =>
    fetchWith(company, "/v1/timelines", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": idempotencyKey,
        // A client chooses its request id, so two commands with the same request id are two actions.
        "x-request-id": "00000000000000000000000000000001",
      },
      body: JSON.stringify(body),
    });
  const stepped = { kind: "stepped", start: "2026-03-07T14:00:00Z" };
  const statuses = [
    await post(stepped, "a"),
    await post(stepped, "a"),
    await post({ kind: "import" }, "a"),
    await post({ kind: "nonsense" }, "b"),
    await post(stepped, "c"),
  ].map(({ status }) => status);
  expect(statuses).toEqual([201, 201, 422, 400, 201]);
  await waitFor(async () => (await commandsOf(party)).length >= 3, { timeoutMs: 15_000 });
  expect((await commandsOf(party)).map(({ operation }) => operation).toSorted()).toEqual([
    "createKey",
    "createTimeline",
    "createTimeline",
  ]);
}, 60_000);

test("a case command of a vendor is in the vendor's part, with its key and its person", async () => {
  const carrier = await stage.party("carrier", "carrier");
  const vendor = await stage.party("maker", "vendor");
  await vendor.client.put(`/v1/queues/${vendor.party}.desk`, { carriers: [carrier.party] });
  await waitFor(() => carrier.client.post("/v1/lines", line(vendor.party)), { timeoutMs: 5_000 });
  const { id } = await waitFor(
    () =>
      carrier.client.post<{ id: string }>("/v1/cases", {
        carrierCaseId: "C-1",
        kind: "handheld",
        severity: "major",
        title: "A secret title",
        channel: "phone",
        line: "logged",
        person: "rep-7",
      }),
    { timeoutMs: 5_000 },
  );
  await carrier.client.post(`/v1/cases/${id}/crossings`, { person: "rep-7", reason: "by hand", asOf: 1 });
  const offered = await waitFor(
    async () =>
      (await vendor.client.get<{ items: { handoffId: string }[] }>(`/v1/queues/${vendor.party}.desk/handoffs`))
        .items[0],
    { timeoutMs: 15_000 },
  );
  const claim = `/v1/queues/${vendor.party}.desk/handoffs/${offered.handoffId}/claim`;
  await vendor.client.post(claim, { person: "engineer-1" });
  const claimed = await untilLogged(vendor.party, "handoff.claimed");
  expect(claimed).toMatchObject({
    party: vendor.party,
    kind: "command",
    case: id,
    timeline: "wall",
    service: "routing",
    actor: { party: vendor.party, person: "engineer-1" },
  });
  expect(claimed.actor.keyId).toMatch(/^key_/);
  await untilLogged(carrier.party, "crossing.requested");
  const own = await commandsOf(carrier.party);
  expect(own.map(({ operation }) => operation)).not.toContain("handoff.claimed");
  // Routing made the offer on its own, so the offer is no command of a company.
  expect(own.map(({ operation }) => operation)).not.toContain("handoff.offered");
  expect(own.filter(({ operation }) => operation === "case.opened")).toHaveLength(1);
  expect(own.find(({ operation }) => operation === "case.opened")?.actor).toMatchObject({ person: "rep-7" });
  expect(JSON.stringify([own, await partOf(vendor.party)])).not.toContain("secret");
}, 60_000);

test("a read is in the part of the reader once, and a refused read is not", async () => {
  const reader = await stage.party("reader", "carrier");
  for (let read = 0; read < 3; read++) expect((await fetchWith(reader, "/v1/board?limit=5")).status).toBe(200);
  expect((await fetchWith(reader, `/v1/cases/cs_${"0".repeat(26)}`)).status).toBe(404);
  expect((await fetchWith(reader, "/v1/lines")).status).toBe(200);
  const read = await untilLogged(reader.party, "listLines");
  expect(read).toMatchObject({ kind: "read", address: "/v1/lines", service: "routing" });
  await untilLogged(reader.party, "readBoard");
  const reads = (await partOf(reader.party)).filter(({ kind }) => kind === "read");
  expect(new Set(reads.map(({ address }) => address))).toEqual(new Set(["/v1/board", "/v1/lines"]));
  expect(reads).toHaveLength(2);
  expect(reads.find(({ address }) => address === "/v1/board")?.service).toBe("console");
}, 60_000);

test("a stream is a read when it opens", async () => {
  const reader = await stage.party("streamer", "carrier");
  const stopped = new AbortController();
  const response = await fetchWith(reader, "/v1/stream", { signal: stopped.signal });
  expect(response.status).toBe(200);
  expect(await untilLogged(reader.party, "streamRows")).toMatchObject({ kind: "read", address: "/v1/stream" });
  stopped.abort();
}, 60_000);

test("only the operator reads another part, and a key needs the scope log", async () => {
  const { party, client } = await stage.party("owner", "carrier");
  const other = await stage.party("curious", "vendor");
  await waitFor(async () => (await partOf(party)).length > 0, { timeoutMs: 15_000 });
  const page = await client.get<ActionsPage>("/v1/actions");
  expect(page.items.map(({ operation }) => operation)).toEqual(["createKey"]);
  expect(page.head).toEqual({ number: 1, hash: page.items[0]?.hash });
  expect((await fetchWith(other, `/v1/actions?party=${party}`)).status).toBe(403);
  expect((await stage.operator.get<ActionsPage>(`/v1/actions?party=${party}&limit=1`)).items).toEqual(page.items);
  const { key } = await client.post<{ key: string }>(`/v1/parties/${party}/keys`, { scopes: ["read"] });
  const refused = await fetchWith({ key }, "/v1/actions");
  expect([refused.status, ((await refused.json()) as { scope: string }).scope]).toEqual([403, "log"]);
  expect(await untilLogged(party, "readActions")).toMatchObject({ kind: "read", address: "/v1/actions" });
}, 60_000);

test("no statement changes or deletes a row", async () => {
  const { party } = await stage.party("fixed", "carrier");
  await untilLogged(party, "createKey");
  for (const statement of [
    "update action set person = 'x'",
    "delete from action",
    "truncate action",
    "update action set person = 'x' where false",
  ])
    await expect(database.query({ text: statement })).rejects.toThrow(/append-only/);
  expect(await partOf(party)).toHaveLength(1);
}, 60_000);

test("an export verifies, and the check finds a changed, a removed and a moved row", async () => {
  const company = await stage.party("exporter", "carrier");
  const { party, client } = company;
  for (const label of ["one", "two", "three"]) await client.post(`/v1/parties/${party}/keys`, { label });
  await waitFor(async () => (await partOf(party)).length === 4, { timeoutMs: 15_000 });
  const text = await (await fetchWith(company, "/v1/actions/export")).text();
  const lines = text.trimEnd().split("\n");
  const check = (given: readonly string[]) => {
    const log = checkLog();
    for (const one of given) log.line(one);
    return log.end();
  };
  expect(check(lines)).toEqual({ party, rows: 4, head: (await partOf(party)).at(-1)?.hash });
  const changed = lines.with(1, (lines[1] ?? "").replace(/key_[0-9a-z]+/, "key_forged"));
  expect(check(changed)).toMatchObject({ line: 2 });
  expect(check(lines.toSpliced(2, 1))).toMatchObject({ line: 3 });
  expect(check(lines.with(1, lines[2] ?? "").with(2, lines[1] ?? ""))).toMatchObject({ line: 2 });
  expect(check(lines.slice(0, 3))).toMatchObject({ line: 4, message: expect.stringContaining("no end") });
  expect(check(lines.toSpliced(3, 1))).toMatchObject({ line: 4 });
}, 60_000);

test("the command line exports a log, verifies it, and returns 1 for a damaged file", async () => {
  const { party, key } = await stage.party("archivist", "carrier");
  await untilLogged(party, "createKey");
  vi.stubEnv("CROSSLINE_KEY", key);
  const printed: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  const file = join(mkdtempSync(join(tmpdir(), "crossline-")), "log.ndjson");
  expect(await showActions({ url: stage.url, after: 0, limit: 10 })).toBe(0);
  expect(printed.join("")).toContain("createKey");
  expect(await exportActions(file, { url: stage.url })).toBe(0);
  expect(printed.join("")).toContain(`rows of ${party}, unchanged`);
  writeFileSync(file, readFileSync(file, "utf8").replace("createKey", "deleteKey"));
  expect(await verifyActions(file)).toBe(1);
  expect(printed.at(-1)).toBe(`${file}:1 row 1 does not match its hash: it was changed, or a row before it\n`);
}, 60_000);

test("a person's command and read name the session, the person and the roles", async () => {
  const { party, client } = await stage.party("signed", "carrier");
  const browser = await signIn(stage, client, { person: "ada", roles: ["lead"] });
  const { status } = await browser.send("POST", "/v1/timelines", { kind: "import" }, { "idempotency-key": "a" });
  expect(status).toBe(201);
  expect((await browser.send("GET", "/v1/lines")).status).toBe(200);
  const signedIn = await untilLogged(party, "signIn");
  const created = await untilLogged(party, "createTimeline");
  const read = await untilLogged(party, "listLines");
  expect(signedIn).toMatchObject({ kind: "command", actor: { party, person: "ada", roles: ["lead"] } });
  expect([created.actor, read.actor]).toEqual([signedIn.actor, signedIn.actor]);
  expect(Object.keys(created.actor).toSorted()).toEqual(["party", "person", "roles", "sessionId"]);
  expect((await partOf("operator")).map(({ operation }) => operation)).not.toContain("signIn");
}, 60_000);

test("a retry of a parked case is an action of the operator, and names the service and the case", async () => {
  const id = `cs_${"p".repeat(26)}`;
  const routing = connect({ url: stage.databaseUrl, schema: "routing", applicationName: "action-log-test" });
  await routing.query({
    text: `insert into inbox_waiting (partition, topic, key, sequence, timeline, headers, body, reason)
      values (0, 'crossline.case.v1', $1, 1, 'wall', '{}', '{}', 'a test parks it')`,
    values: [id],
  });
  expect((await internal("routing", `/internal/parked/${id}/replay`)).status).toBe(202);
  expect((await internal("routing", `/internal/parked/cs_${"q".repeat(26)}/replay`)).status).toBe(404);
  await routing.close();
  const action = await untilLogged("operator", "POST /internal/parked/:key/replay");
  expect(action).toMatchObject({ service: "routing", case: id, actor: { party: "operator", keyId: "internal" } });
  expect((await partOf("operator")).filter(({ address }) => address?.includes("/parked/"))).toHaveLength(1);
}, 60_000);

/** The commands on cases and hand-offs, each with the fact that is its row. A renewal and a heartbeat only repeat an earlier row. */
const factOfCommand: Readonly<Record<string, string>> = {
  openCase: "case.opened",
  recordContact: "case.contacted",
  addContact: "case.contacted",
  addEntry: "entry.added",
  requestCrossing: "crossing.requested",
  moveCase: "case.moved",
  correctCase: "case.corrected",
  mergeCase: "case.merged",
  makePromise: "promise.made",
  deliverPromise: "promise.delivered",
  withdrawPromise: "promise.withdrawn",
  changeStatus: "case.status-changed",
  changeSeverity: "case.severity-changed",
  declineSeverity: "case.severity-declined",
  linkChange: "change.linked",
  unlinkChange: "change.unlinked",
  closeCase: "case.closed",
  confirmCure: "case.confirmed",
  reopenCase: "case.reopened",
  startHandling: "handling.started",
  beatHandling: "handling.continued",
  endHandling: "handling.ended",
  writeMessage: "message.written",
  rewordMessage: "message.reworded",
  releaseMessage: "message.released",
  withdrawMessage: "message.withdrawn",
  reportMessageSent: "case.contacted",
  reportMessageFailed: "message.failed",
  claimHandoff: "handoff.claimed",
  renewClaim: "handoff.renewed",
  releaseHandoff: "handoff.released",
  acceptHandoff: "handoff.accepted",
  rejectHandoff: "handoff.rejected",
  requestInformation: "handoff.info-requested",
  giveInformation: "handoff.info-provided",
  returnHandoff: "handoff.returned",
  transferHandoff: "handoff.transferred",
  resolveHandoff: "handoff.resolved",
  takeCase: "handoff.taken",
  nameJointPerson: "joint.person-named",
  recordJointSession: "joint.session-held",
  claimAssignment: "pool.claimed",
  renewAssignment: "pool.claimed",
  releaseAssignment: "pool.released",
};

type DocumentedCommand = {
  readonly operationId: string;
  readonly parameters?: readonly { readonly $ref?: string }[];
  readonly security: readonly object[];
};

test("each command of the API either gets the hook of the chassis, or has a fact that is its row", async () => {
  const { paths } = (await (await fetch(`${stage.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, DocumentedCommand>>;
  };
  const withoutHook = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== "get" && isCaseCommand(path))
      // A POST without an idempotency key changes nothing.
      .filter(([, { parameters = [] }]) => parameters.some(({ $ref = "" }) => $ref.endsWith("/IdempotencyKey")))
      // An act on the customer's screen is no command of a company, so only the journal has it.
      .filter(([, { security }]) => security.length > 0)
      .map(([, { operationId }]) => operationId),
  );
  expect(withoutHook.toSorted()).toEqual(Object.keys(factOfCommand).toSorted());
  expect(Object.values(factOfCommand).filter((type) => !Object.hasOwn(eventSchemas, type))).toEqual([]);
});

const internal = (service: keyof Stage["addresses"], path: string) =>
  fetch(`${stage.addresses[service]}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${stage.internalKey}` },
  });

test.skipIf(!hasKafka)(
  "a rebuild is an action of the operator, and leaves every earlier row as it was",
  async () => {
    const all = () =>
      database.query<{ source: string; text: string }>({
        text: "select source, action::text as text from action order by party, number",
      });
    const before = await all();
    expect((await internal("console", "/internal/rebuild")).status).toBe(202);
    const rebuilt = await untilLogged("operator", "POST /internal/rebuild");
    expect(rebuilt).toMatchObject({ actor: { party: "operator", keyId: "internal" }, service: "console" });
    await waitFor(
      async () => {
        const response = await fetch(`${stage.addresses.console}/internal/position`, {
          headers: { authorization: `Bearer ${stage.internalKey}` },
        });
        const { state, behind } = (await response.json()) as { state: string; behind: number };
        return state === "current" && behind === 0;
      },
      { timeoutMs: 60_000 },
    );
    const known = new Set(before.map(({ source }) => source));
    const after = await all();
    expect(after.filter(({ source }) => known.has(source))).toEqual(before);
    const added = after.filter(({ source }) => !known.has(source)).map(({ text }) => text);
    expect(added.every((text) => text.includes("/internal/rebuild") || text.includes('"read"'))).toBe(true);
  },
  120_000,
);

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Host,
  type ServiceName,
  type Settings,
  createClient,
  replayParty,
  hostServices,
  idleLine,
  makeOwnDatabase,
  portsFrom,
  readLog,
  readObservedLine,
  removeAllImports,
  replayAndJudge,
  replayLog,
  serviceNames,
} from "@crossline/cli";
import { connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { freePorts } from "./stage.ts";

/*
 * Replays a log in XES through all services under a line that would cross, and reports the cases that would have
 * crossed.
 */

let folder: string;
let settings: Settings;
let host: Host;
let drop: () => Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "crossline-replay-"));
  const database = await freshDatabase();
  drop = () => database.drop();
  const urls = Object.fromEntries(serviceNames.map((name) => [name, database.url]));
  settings = {
    databaseUrls: urls as Record<ServiceName, string>,
    broker: "memory",
    brokers: ["127.0.0.1:9092"],
    ports: portsFrom(await freePorts(serviceNames.length)),
    internalKey: "internal-key-of-the-replay",
    operatorKey: "operator-key-of-the-replay",
    partitions: 3,
    auditGraceMs: 1_000,
    positionMs: 200,
  };
  host = await hostServices(settings, undefined, createLogger("replay", "silent"));
});

afterAll(async () => {
  await host.stop();
  await drop();
  rmSync(folder, { recursive: true });
});

test("the report counts the first crossing of each case by clock, day and holder", async () => {
  const log = await readLog(
    file(
      "desk.xes",
      `<log>
        ${trace("INC1", [
          ["New", "2026-03-02T22:30:00Z", "First"],
          ["Active", "2026-03-03T03:00:00Z", "Second"],
          ["Closed", "2026-03-03T09:00:00Z", "Second"],
        ])}
        ${trace("INC2", [
          ["New", "2026-03-02T09:00:00Z", "First"],
          ["Awaiting User Info", "2026-03-02T09:30:00Z", "First"],
          ["Resolved", "2026-03-04T09:30:00Z", "First"],
        ])}
        ${trace("INC3", [["Active", "2026-03-02T09:00:00Z", "Second"]])}
        ${trace("INC4", [
          ["Active", "2026-03-03T08:00:00Z", "Third"],
          ["Closed", "2026-03-03T08:30:00Z", "Third"],
          ["Caused By CI", "2026-03-03T08:30:00Z", "Third"],
        ])}
        ${trace("INC5", [["Active", "2026-03-04T09:00:00Z", "Third"]])}
      </log>`,
    ),
  );
  const line = readObservedLine(
    file(
      "line.yaml",
      `
line: handheld
calendar: 24x7
clocks:
  - { kind: first-response, target: PT1H, warnAt: [50] }
  - { kind: stall.idle, name: silence, target: PT2H, warnAt: [50] }
crossing: [{ to: "queue:orchard.handheld", acceptWithin: PT5M }]
lastResort: ["https://duty.northtel.example/"]
`,
    ),
  );
  const url = `http://127.0.0.1:${settings.ports.intake}`;
  const { tally, auditor, crossings, apart } = await replayAndJudge(
    { url, settings, kafka: undefined },
    { cases: log, line },
  );
  expect(tally).toMatchObject({ rows: 11, cases: 5, lost: 0, doubled: 0, unexpected: 0 });
  // INC1 breaches twice, and INC3, INC4 and INC5 breach once each. The line also has the clock `first-response`, whose
  // firings the file alone does not determine.
  expect(tally.firings).toEqual({ silence: 5 });
  expect(tally.fired).toBeGreaterThan(6);
  expect(auditor).toEqual({ audited: tally.fired, findings: 0, agrees: true });
  expect(crossings).toMatchObject({
    cases: 5,
    crossed: 4,
    byClock: [{ of: "silence", cases: 4 }],
    byDay: [
      { of: "2026-03-02", cases: 1 },
      { of: "2026-03-03", cases: 2 },
      { of: "2026-03-04", cases: 1 },
    ],
    byHolder: [
      { of: "Third", cases: 2 },
      { of: "First", cases: 1 },
      { of: "Second", cases: 1 },
    ],
  });
  // INC4 has a row in the same second as its closing, and stalls after that row. INC5 stalls after the last row of the log.
  expect(apart).toMatchObject({
    rowsAfterClosing: 1,
    casesAfterClosing: 1,
    crossings: { afterClosing: 1, afterLogsEnd: 1 },
  });
  expect(apart.breaches.afterClosing).toBeGreaterThan(0);
});

const row = (caseId: string, hours: number) => ({
  caseId,
  time: Date.UTC(2026, 2, 2, hours),
  order: 0,
  status: "inProgress" as const,
  fields: {},
});
const small = new Map(["A", "B"].map((caseId) => [caseId, [row(caseId, 8), row(caseId, 9)]]));
const silence = idleLine([{ name: "silence", ms: 3 * 3_600_000 }]);

test("25 runs leave no row, key or line, nor does a failed or interrupted run", { timeout: 120_000 }, async () => {
  const place = { url: `http://127.0.0.1:${settings.ports.intake}`, settings, kafka: undefined };
  const run = async () => {
    const { tally } = await replayLog(place, { cases: small, line: silence });
    expect(tally).toMatchObject({ lost: 0, doubled: 0, firings: { silence: 2 } });
  };
  await run();
  const first = await rowsByTable();
  for (let done = 1; done < 25; done += 4) await Promise.all(Array.from({ length: 4 }, run));
  const judge = () => Promise.reject(new Error("the work fails"));
  await expect(replayLog(place, { cases: small, line: silence, judge })).rejects.toThrow("the work fails");
  const ending = new AbortController();
  const started = () => (ending.abort(), () => Promise.resolve());
  const interrupted = replayLog(place, { cases: small, line: silence, started, signal: ending.signal });
  await expect(interrupted).rejects.toThrow("The replay was interrupted.");
  // A service may read the line of the interrupted run after the run was removed.
  await expect.poll(rowsByTable, { timeout: 10_000 }).toEqual(first);
  expect(await keysOfDesk()).toEqual([]);
});

test("a run removes the data of a killed run", async () => {
  const place = { url: `http://127.0.0.1:${settings.ports.intake}`, settings, kafka: undefined };
  const operator = createClient(place.url, settings.operatorKey);
  const { key } = await operator.post<{ key: string }>(`/v1/parties/${replayParty}/keys`);
  const carrier = createClient(place.url, key);
  const { id } = await carrier.post<{ id: string }>("/v1/timelines", { kind: "import" });
  await replayLog(place, { cases: small, line: silence });
  await expect(operator.get(`/v1/timelines/${id}`)).rejects.toMatchObject({ status: 404 });
  expect(await keysOfDesk()).toEqual([]);
  expect(await removeAllImports(place)).toEqual({ imports: 0, keys: 0 });
});

/**
 * A removal keeps the rows of the action log. It also keeps one row for each removed import, the response to each POST for
 * 24 hours, and the auditor's counts by partition and clock. An outbox can contain messages that the relay has not sent yet.
 */
const staying = new Set(["removed_timeline", "idempotency", "tally", "outbox", "action"]);

async function rowsByTable(): Promise<Record<string, number>> {
  const database = connect({ url: settings.databaseUrls.intake, schema: "public", applicationName: "replay-test" });
  const tables = await database.query<{ schema: string; name: string }>({
    text: `select table_schema as schema, table_name as name from information_schema.tables
      where table_schema = any($1::text[]) and table_type = 'BASE TABLE' order by 1, 2`,
    values: [serviceNames],
  });
  const counts: Record<string, number> = {};
  for (const { schema, name } of tables.filter((table) => !staying.has(table.name))) {
    // The console forgets the keys of the action topic once a minute.
    const where = name === "inbox_sequence" ? "where topic not like '%.action.%'" : "";
    const [counted] = await database.query<{ count: number }>({
      text: `select count(*) from ${schema}.${name} ${where}`,
    });
    counts[`${schema}.${name}`] = counted?.count ?? 0;
  }
  await database.close();
  return counts;
}

async function keysOfDesk(): Promise<readonly string[] | undefined> {
  const operator = createClient(`http://127.0.0.1:${settings.ports.intake}`, settings.operatorKey);
  const { items } = await operator.get<{ items: { party: string; keyIds: string[] }[] }>("/v1/parties");
  return items.find(({ party }) => party === replayParty)?.keyIds;
}

test("a run removes its own database and the database of a killed run", async () => {
  const { url } = inject("postgres");
  const admin = connect({ url, schema: "public", applicationName: "replay-test", poolMax: 1 });
  const text = "select datname from pg_database where starts_with(datname, 'crossline_run_') order by 1";
  const names = async () => (await admin.query<{ datname: string }>({ text })).map(({ datname }) => datname);
  await admin.query({ text: "create database crossline_run_killed" });
  const first = await makeOwnDatabase(url);
  const second = await makeOwnDatabase(url);
  expect(await names()).toEqual([first, second].map((one) => new URL(one.url).pathname.slice(1)).toSorted());
  await first.stop();
  await second.stop();
  expect(await names()).toEqual([]);
  await admin.close();
});

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function trace(id: string, events: readonly (readonly [state: string, time: string, group: string])[]): string {
  const written = events.map(
    ([state, time, group]) =>
      `<event><string key="concept:name" value="${state}"/><date key="time:timestamp" value="${time}"/><string key="org:group" value="${group}"/></event>`,
  );
  return `<trace><string key="concept:name" value="${id}"/>${written.join("")}</trace>`;
}

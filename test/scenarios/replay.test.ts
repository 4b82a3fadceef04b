import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Host,
  type ServiceName,
  type Settings,
  hostServices,
  makeOwnDatabase,
  portsFrom,
  readLog,
  readObservedLine,
  replayJudged,
  serviceNames,
} from "@crossline/local";
import { connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { freePorts } from "./stage.ts";

/* A log in XES goes through all services under a line that would cross, and what would have crossed is told. */

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
    ports: portsFrom(await freePorts(5)),
    internalKey: "internal-key-of-the-replay",
    operatorKey: "operator-key-of-the-replay",
    partitions: 3,
    auditGraceMs: 1_000,
  };
  host = await hostServices(settings, undefined, createLogger("replay", "silent"));
});

afterAll(async () => {
  await host.stop();
  await drop();
  rmSync(folder, { recursive: true });
});

test("each case would have crossed at its first silence: by clock, day and holder", async () => {
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
  const { tally, auditor, crossings, apart } = await replayJudged({ url, settings }, { cases: log, line });
  expect(tally).toMatchObject({ rows: 11, cases: 5, lost: 0, doubled: 0, unexpected: 0 });
  // INC1 twice, each of INC3, INC4 and INC5 once; the other clock is first-response, whose firings the file alone does not tell.
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
  // INC4 stalls by a row on the closing second, INC5 after the log's last row.
  expect(apart).toMatchObject({
    rowsAfterClosing: 1,
    casesAfterClosing: 1,
    crossings: { afterClosing: 1, afterLogsEnd: 1 },
  });
  expect(apart.breaches.afterClosing).toBeGreaterThan(0);
});

test("a run's own database goes with the run; one that a killed run left goes with the next", async () => {
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

import { createWriteStream, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createGzip, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectFirings } from "../src/replay/expected-counts.ts";
import type { LogRow } from "../src/replay/log-row.ts";
import { readLog } from "../src/replay/log.ts";
import { incidentEventLog, parseMapping, standardXes } from "../src/replay/mapping.ts";
import { idleLine } from "../src/replay/observed-line.ts";
import { readText } from "../src/replay/open-log.ts";
import { States } from "../src/replay/states.ts";
import { statusOfEvent } from "../src/replay/xes-status.ts";
import { readXes } from "../src/replay/xes.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-xes-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

type Attributes = Readonly<Record<string, string>>;

function attributes(given: Attributes): string {
  return Object.entries(given)
    .map(([key, value]) => `<${key.startsWith("time:") ? "date" : "string"} key="${key}" value="${escape(value)}"/>`)
    .join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function trace(own: Attributes, events: readonly Attributes[]): string {
  return `<trace>${attributes(own)}\n${events.map((event) => `<event>${attributes(event)}</event>`).join("\n")}</trace>\n`;
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<global scope="event"><string key="concept:name" value="a default that is nobody's"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="concept:name" value="the log's own name"/>
`;
const opened = { "concept:name": "New", "time:timestamp": "2026-03-02T09:00:00.000+01:00" };

function log(...traces: readonly string[]): string {
  return `${head}${traces.join("")}</log>\n`;
}

test("the standard attributes are read without a mapping: case, time with its offset, state, person and group", async () => {
  const path = file(
    "plain.xes",
    log(
      trace({ "concept:name": "INC & 1" }, [
        { ...opened, "org:resource": "r17", "org:group": "First line", "lifecycle:transition": "complete" },
        { "concept:name": "Diagnose", "lifecycle:transition": "start", "time:timestamp": "2026-03-02T04:30:00-05:00" },
        { "concept:name": "Resolved", "lifecycle:transition": "complete", "time:timestamp": "2026-03-02T11:00:00Z" },
      ]),
      trace({ "concept:name": "INC 2" }, [opened]),
    ),
  );
  const cases = await readLog(path);
  expect([...cases.keys()]).toEqual(["INC & 1", "INC 2"]);
  expect(cases.get("INC & 1")?.map(({ time, status }) => [new Date(time).toISOString(), status])).toEqual([
    ["2026-03-02T08:00:00.000Z", "acknowledged"],
    ["2026-03-02T09:30:00.000Z", "inProgress"],
    ["2026-03-02T11:00:00.000Z", "resolved"],
  ]);
  expect(cases.get("INC & 1")?.[0]).toMatchObject({ person: "r17", holder: "First line" });
});

test("the replay spells the ids of cases and persons as the import does", async () => {
  const event = { ...opened, "org:resource": " r17" };
  const traces = [" INC 1", "INC 1\u00a0"].map((name) => trace({ "concept:name": name }, [event]));
  const blank = trace({ "concept:name": "INC 2" }, [{ ...opened, "org:resource": " " }]);
  const cases = await readLog(file("spelled.xes", log(...traces, blank)));
  expect([...cases].map(([id, rows]) => [id, rows.map(({ person }) => person)])).toEqual([
    ["INC 1", ["r17", "r17"]],
    ["INC 2", [undefined]],
  ]);
});

test("the reader ignores nested attributes, and accepts attributes of a trace after the events of the trace", async () => {
  const nested = `<trace><event><string key="concept:name" value="Active"><string key="concept:name" value="inner"/></string>
    <date key="time:timestamp" value="2026-03-02T09:00:00Z"/></event><string key="concept:name" value="late"/></trace>`;
  const cases = await readLog(file("nested.xes", log(nested)));
  expect(cases.get("late")?.[0]?.fields).toEqual({ "concept:name": "Active" });
});

test("events of one instant keep the order of the log, in a .xes file and in a .xes.gz file", async () => {
  const text = log(trace({ "concept:name": "1" }, [opened, { ...opened, "concept:name": "Active" }]));
  const plain = await readLog(file("order.xes", text));
  expect(plain.get("1")?.map(({ status }) => status)).toEqual(["acknowledged", "inProgress"]);
  expect(await readLog(file("order.xes.gz", gzipSync(text)))).toEqual(plain);
});

test.each([
  ["Closed", "complete", "closed"],
  ["resolved ", undefined, "resolved"],
  ["Awaiting Vendor", "complete", "pending"],
  ["Call the customer", "complete", "inProgress"],
  ["Closed", "start", "inProgress"],
  ["Accepted", "In Progress", "inProgress"],
  ["Accepted", "Wait - User", "pending"],
  ["Completed", "Closed", "closed"],
  ["anything", "suspend", "held"],
  ["anything", "pi_abort", "cancelled"],
  ["anything", "constructor", undefined],
] as const)("%s with the transition %s leaves the case %s", (name, transition, status) => {
  const { named, guessed } = statusOfEvent(name, transition);
  expect(named ?? guessed).toBe(status);
});

test("a mapping overrides the meaning of attributes, and can name attributes of the trace", async () => {
  const mapping = parseMapping(
    JSON.stringify({
      case: "ticket",
      time: "time:timestamp",
      timeFormat: "ISO 8601",
      status: "concept:name",
      statuses: { "Step 9": "resolved" },
      otherStatus: "inProgress",
      holder: "desk",
    }),
    "mapping.json",
  );
  const event = { ...opened, "concept:name": "Step 9" };
  const path = file("own.xes", log(trace({ "concept:name": "x", ticket: "T-1", desk: "Night" }, [event])));
  expect((await readLog(path, { mapping })).get("T-1")?.[0]).toMatchObject({ status: "resolved", holder: "Night" });
});

describe("a faulty log is refused with the place of the fault, before the import begins", () => {
  const event = (given: Attributes) => log(trace({ "concept:name": "1" }, [given]));
  test.each([
    [
      "malformed XML",
      `${head}<trace><event></trace></log>`,
      /line 7, column \d+: the XML is malformed, unexpected close tag/,
    ],
    ["text that ends early", `${head}<trace>`, /line 7, column \d+: the XML is malformed, unclosed tag/],
    ["another kind of XML", "<html/>", /line 1, column 7: this is not XES: its root is <html>/],
    ["an entity", log(trace({ "concept:name": "1" }, [opened])).replace("New", "&lol;"), /malformed, undefined entity/],
    ["an event without a trace", `${head}<event/></log>`, /this event is outside of a trace/],
    ["a trace without a name", log(trace({}, [opened])), /line 7, column \d+: the trace has no concept:name/],
    ["an event without a time", event({ "concept:name": "New" }), /line 8, column \d+: time:timestamp is missing/],
    ["an event without a name", event({ "time:timestamp": "2026-03-02T09:00:00Z" }), /line 8, .*no concept:name/],
    [
      "a time without an offset",
      event({ ...opened, "time:timestamp": "2026-03-02T09:00:00" }),
      /line 8, .*is not a time of/,
    ],
    [
      "a day that never was",
      event({ ...opened, "time:timestamp": "2026-02-30T09:00:00Z" }),
      /line 8, .*is not a time of/,
    ],
    ["a time out of reach", event({ ...opened, "time:timestamp": "0001-01-01T00:00:00Z" }), /line 8, .*years 1900 to/],
    [
      "an unknown transition",
      event({ ...opened, "lifecycle:transition": "blue" }),
      /"blue" \(1 row, first in .* line 8, .*--mapping/,
    ],
    ["an attribute without a value", log('<trace><string key="a"/></trace>'), /<string> has no value/],
    [
      "the same attribute twice",
      log('<trace><id key="a" value=""/><id key="a" value=""/></trace>'),
      /this trace has two attributes a/,
    ],
    ["no events", log(), /has no events/],
  ])("%s", async (name, text, why) => {
    const fault = readLog(file(`${name}.xes`, text));
    await expect(fault).rejects.toThrow(why);
    await expect(fault).rejects.toMatchObject({ name: "LogFault" });
  });

  test("a .gz that ends early", async () => {
    const text = log(...Array.from({ length: 500 }, (_, index) => trace({ "concept:name": `${index}` }, [opened])));
    const packed = gzipSync(text);
    const path = file("short.xes.gz", packed.subarray(0, packed.length - 20));
    await expect(readLog(path)).rejects.toThrow(/short\.xes\.gz is damaged: unexpected end of file/);
  });

  test("text that is not UTF-8", async () => {
    const path = file("latin.xes", Buffer.from(log(trace({ "concept:name": "Zoë" }, [opened])), "latin1"));
    await expect(readLog(path)).rejects.toThrow(/is not text in UTF-8/);
  });
});

/** Returns the bytes of reachable objects after a garbage collection. */
function liveBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

test("a compressed log of 200,000 events is read in constant memory", async () => {
  const [traces, events] = [20_000, 10];
  function* write(): Iterable<string> {
    yield head;
    for (let index = 0; index < traces; index++) {
      const of = Array.from({ length: events }, (_, step) => ({
        "concept:name": step === events - 1 ? "Closed" : "Active",
        "time:timestamp": new Date(Date.UTC(2026, 0, 1) + index * 60_000 + step * 3_600_000).toISOString(),
        "org:group": `Group ${index % 50}`,
      }));
      yield trace({ "concept:name": `INC${index}` }, of);
    }
    yield "</log>";
  }
  const path = join(folder, "large.xes.gz");
  await pipeline(Readable.from(write()), createGzip({ level: 1 }), createWriteStream(path));
  let [count, characters, chunks, highest] = [0, 0, 0, 0];
  const before = liveBytes();
  async function* counted(): AsyncIterable<string> {
    for await (const chunk of readText(path)) {
      characters += chunk.length;
      if (chunks++ % 200 === 199) highest = Math.max(highest, liveBytes() - before);
      yield chunk;
    }
  }
  const reading = { mapping: standardXes, states: new States(standardXes) };
  for await (const { status } of readXes(counted(), path, reading)) if (status !== "pending") count++;
  expect(count).toBe(traces * events);
  expect(characters).toBeGreaterThan(30_000_000);
  expect(chunks).toBeGreaterThan(1_000);
  expect(highest).toBeLessThan(4 * 2 ** 20);
}, 60_000);

describe("a part of the log UCI 498 gives the same result as CSV and as XES", () => {
  const real = resolve(import.meta.dirname, "../../../../shared/data/incident_event_log.zip");
  const path = process.env["INCIDENT_EVENT_LOG"] ?? real;
  test("CSV and XES give the same rows, cases and firings", { timeout: 60_000 }, async ({ skip }) => {
    if (!existsSync(path)) return skip("neither INCIDENT_EVENT_LOG nor ../shared/data has incident_event_log.zip");
    const cases = new Map([...(await readLog(path))].slice(0, 3_000));
    const traces = [...cases].map(([caseId, rows]) => trace({ "concept:name": caseId }, rows.map(eventOf)));
    const read = await readLog(file("real.xes.gz", gzipSync(log(...traces))));
    const line = idleLine([
      { name: "day", ms: 86_400_000 },
      { name: "two-hours", ms: 7_200_000 },
    ]);
    const expected = expectFirings(cases, line);
    expect(expectFirings(read, line)).toEqual(expected);
    expect(expected.firings.get("day")?.size).toBeGreaterThan(100);
    for (const [caseId, rows] of cases) {
      expect(read.get(caseId)?.map(({ status, holder }) => [status, holder])).toEqual(
        rows.map(({ status, holder }) => [status, holder]),
      );
    }
  });

  /**
   * Returns the attributes of an event. The name of the event is the desk's own word for the state of the row, from the
   * mapping.
   */
  function eventOf({ time, status, holder }: LogRow): Attributes {
    const [word = ""] = Object.entries(incidentEventLog.statuses).find(([, meaning]) => meaning === status) ?? [];
    return {
      "concept:name": word,
      "lifecycle:transition": "complete",
      "time:timestamp": new Date(time).toISOString(),
      ...(holder !== undefined && { "org:group": holder }),
    };
  }
});

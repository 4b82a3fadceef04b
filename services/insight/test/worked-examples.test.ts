import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type EventType, type Report, newId } from "@crossline/contracts";
import { indicators } from "@crossline/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { carrier, createHistory } from "./history.ts";
import { type World, createWorld } from "./world.ts";

/*
 * Plays each example of docs/reports.md through insight. Each example has a timeline of its own, so that no example counts the cases of
 * another one.
 */

const text = readFileSync(resolve(import.meta.dirname, "../../../docs/reports.md"), "utf8");
const [, sections = ""] = text.split("\n## Examples\n");
const examples = sections.split("\n### ").slice(1).map(readExample);

let world: World;
let key: string;

beforeAll(async () => {
  world = await createWorld();
  key = await world.party(carrier, "carrier");
  await world.start();
});
afterAll(() => world.stop());

test("every indicator has an example and its definition on the page", () => {
  const all = Object.values(indicators).map(({ title, definition }) => ({ title, definition }));
  expect(examples.map(({ title, definition }) => ({ title, definition }))).toEqual(all);
});

describe.each(examples)("$title", ({ history, request, result }) => {
  test("insight calculates the table of the page", async () => {
    const timeline = newId("stp");
    await world.publish(play(history, timeline));
    const report = await world.report(`${request}${request.includes("?") ? "&" : "?"}timeline=${timeline}`, key);
    expect(presentAs(report, result)).toEqual(result);
  });
});

type Row = Readonly<Record<string, string>>;

function readExample(section: string) {
  const blocks = section.split("\n\n").map((block) => block.trim());
  const tables = blocks.filter((block) => block.startsWith("|")).map(readTable);
  const request = blocks.find((block) => block.startsWith("`GET "))?.slice(5, -1) ?? "";
  const [history = [], result = []] = tables;
  return { title: blocks[0] ?? "", definition: blocks[1] ?? "", history, request, result };
}

function readTable(block: string): Row[] {
  const [head = [], , ...rows] = block.split("\n").map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""])));
}

/** Shows a report with the columns of a table of the page. */
function presentAs({ items, unit }: Report, [first = {}]: readonly Row[]): Row[] {
  return items.map((item) => {
    const isTime = (name: string): boolean => unit === "milliseconds" && (name === "value" || name.endsWith("Ms"));
    const numbers: Readonly<Record<string, unknown>> = { value: item.value, count: item.count, ...item.parts };
    const cell = (name: string): string => {
      if (name in item.group) return item.group[name] ?? "";
      return isTime(name) ? `${Number(numbers[name]) / 60_000} min` : String(numbers[name]);
    };
    return Object.fromEntries(Object.keys(first).map((name) => [name, cell(name)]));
  });
}

function at(time: string): number {
  return Date.parse(`2026-${time.replace(" ", "T")}:00Z`);
}

/** Returns the records of a history. The stepped timeline has a mark a month after its last record. */
function play(rows: readonly Row[], timeline: string) {
  const history = createHistory({ timeline });
  const ids = new Map<string, string>();
  const idOf = (name: string, prefix: "cs" | "ho" | "pr"): string => {
    const id = ids.get(name) ?? newId(prefix);
    ids.set(name, id);
    return id;
  };
  const queues = new Map<string, string>();
  for (const { time = "", case: name = "", record = "" } of rows) {
    const [caseId, instant] = [idOf(name, "cs"), at(time)];
    const [word = ""] = record.split(" ");
    const last = record.split(" until ")[0]?.split(" ").at(-1) ?? "";
    const handoffId = idOf(word, "ho");
    const act = (type: EventType & `handoff.${string}`, data = {}) =>
      history.handoff(caseId, instant, type, { handoffId, queue: queues.get(word) ?? "", ...data });
    const assign = (type: EventType & `pool.${string}`) =>
      history.assign(caseId, instant, type, { assignmentId: idOf(word, "ho"), pool: queues.get(word) ?? "" });
    const opened = /^opened by (\w+)(?:, (?!symptom)(.+) on ([^,]+))?(?:, symptom (\S+))?$/.exec(record);
    if (opened !== null) {
      const [, channel, os, model, symptom] = opened;
      const device = os === undefined ? {} : { device: { os, model } };
      history.open(
        instant,
        { channel: channel as "phone", ...device, ...(symptom !== undefined && { symptom }) },
        caseId,
      );
    } else if (record.startsWith("contact by ")) history.contact(caseId, instant);
    else if (record.startsWith("automatic reply")) history.contact(caseId, instant, { content: "auto-reply" });
    else if (record === "resolved") history.resolve(caseId, instant);
    else if (record === "confirmed") history.confirm(caseId, instant);
    else if (record === "closed") history.close(caseId, instant);
    else if (record.includes(" offered to ")) {
      queues.set(word, last);
      act("handoff.offered");
    } else if (record.includes(" assigned to the pool ")) {
      queues.set(word, last);
      assign("pool.assigned");
    } else if (record.endsWith(" claimed")) assign("pool.claimed");
    else if (/^S.* lapsed$/.test(record)) assign("pool.lapsed");
    else if (record.endsWith(" accepted")) act("handoff.accepted");
    else if (record.endsWith(" resolved")) act("handoff.resolved");
    else if (record.endsWith(" lapsed")) act("handoff.lapsed");
    else if (record.endsWith(" transferred")) act("handoff.transferred");
    else if (record.includes(" returned as ")) act("handoff.returned", { code: last });
    else if (record.includes(" promised by "))
      history.promise(caseId, instant, idOf(word, "pr"), at(record.split(" until ")[1] ?? ""));
    else if (/ delivered( late)?$/.test(record))
      history.deliver(caseId, instant, idOf(word, "pr"), !record.endsWith("late"));
    else if (record.endsWith(" withdrawn"))
      history.add(caseId, instant, "promise.withdrawn", { promiseId: idOf(word, "pr"), promisor: carrier, reason: "" });
    else throw new Error(`no record: ${record}`);
  }
  history.add(`${timeline}/0`, at("04-10 00:00"), "timeline.marked", { mark: "2026-04-10T00:00:00Z" });
  return history.messages;
}

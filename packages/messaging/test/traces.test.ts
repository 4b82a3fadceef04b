import type { ReceivedMessage } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { type SpanOptions, type Tracing, noTracing } from "@crossline/tracing";
import { expect, test } from "vitest";
import { traceApply, traceSends } from "../src/traces.ts";

type RecordedSpan = { readonly name: string; readonly failure?: string } & SpanOptions;

/** A tracing that records its spans. Each span has its parent's trace id and its own span id. */
function recordingTracing() {
  const ended: RecordedSpan[] = [];
  let spans = 0;
  const tracing: Tracing = {
    isOn: true,
    span(name, options) {
      const id = String(++spans).padStart(16, "0");
      return {
        traceparent: `00-${options.parent?.split("-")[1] ?? "f".repeat(32)}-${id}-01`,
        set: () => {},
        end: (failure) => void ended.push({ name, ...options, ...(failure !== undefined && { failure }) }),
      };
    },
    stop: () => Promise.resolve(),
  };
  return { tracing, ended };
}

const trace = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
const tx = {} as Tx;

function event(key: string, traceparent?: string): ReceivedMessage {
  const common = {
    id: key,
    topic: "t",
    partition: 0,
    key,
    sequence: 1,
    type: "case.opened",
    time: 0,
    timeline: "wall",
  };
  return { ...common, data: {}, ...(traceparent !== undefined && { traceparent }) };
}

test("a batch of many traces has a span for each event, and one span with links to all traces", async () => {
  const { tracing, ended } = recordingTracing();
  const messages: (string | undefined)[] = [];
  const apply = traceApply(tracing, "timer", async (_, events) => {
    messages.push(...events.map(({ traceparent }) => traceparent));
  });
  await apply(tx, [event("a", trace("a")), event("b", trace("b")), event("a", trace("a")), event("c")]);
  expect(messages.map((it) => it?.slice(3, 35))).toEqual(["a", "b", "a", undefined].map((digit) => digit?.repeat(32)));
  expect(messages[0]).not.toBe(trace("a")); // Messages of `apply` name the span as their parent, not the event's own parent.
  expect(ended.map(({ name, parent }) => [name, parent])).toEqual([
    ["apply case.opened", trace("a")],
    ["apply case.opened", trace("b")],
    ["apply case.opened", trace("a")],
    ["apply a batch", undefined],
  ]);
  expect(ended.at(-1)?.links).toEqual([trace("a"), trace("b")]);
});

test("the spans of a rolled-back transaction fail in each of its traces", async () => {
  const { tracing, ended } = recordingTracing();
  const apply = traceApply(tracing, "timer", () => Promise.reject(new Error("of +1 416 555 0173")));
  await expect(apply(tx, [event("a", trace("a"))])).rejects.toThrow("416");
  expect(ended).toMatchObject([{ name: "apply case.opened", failure: "the transaction was rolled back" }]);
});

test("a sent record is the child of its message, and a record without a trace is unchanged", () => {
  const { tracing, ended } = recordingTracing();
  const record = (traceparent?: string) => ({
    topic: "t",
    key: "a",
    headers: traceparent === undefined ? {} : { ce_traceparent: traceparent, ce_type: "x" },
    value: "",
  });
  const plain = record();
  const { records, end } = traceSends(tracing, [record(trace("a")), plain]);
  expect(records[0]?.headers["ce_traceparent"]).toBe(`00-${"a".repeat(32)}-0000000000000001-01`);
  expect(records[1]).toBe(plain);
  expect(ended).toEqual([]);
  end("the broker did not accept it");
  expect(ended).toMatchObject([{ name: "send t", parent: trace("a"), failure: "the broker did not accept it" }]);
});

test("without tracing no record is copied", () => {
  const records = [{ topic: "t", key: "a", headers: { ce_traceparent: trace("a") }, value: "" }];
  const apply = async () => {};
  expect(traceSends(noTracing, records).records).toBe(records);
  expect(traceApply(noTracing, "timer", apply)).toBe(apply);
});

import { expect, test } from "vitest";
import { createMetrics } from "../src/index.ts";

test("a gauge whose collection fails is absent, and the other gauges are reported", async () => {
  const metrics = createMetrics("probe");
  let isAway = false;
  const collect = async (set: () => void): Promise<void> => {
    if (isAway) throw new Error("the database is away");
    set();
  };
  metrics.gauge({ name: "crossline_plain", help: "x", collect: (gauge) => collect(() => gauge.set(5)) });
  metrics.gauge({
    name: "crossline_labelled",
    help: "x",
    labels: ["kind"],
    collect: (gauge) => collect(() => gauge.set({ kind: "a" }, 7)),
  });
  metrics.gauge({ name: "crossline_known", help: "x", collect: (gauge) => gauge.set(1) });
  const samples = async () =>
    (await metrics.registry.metrics()).split("\n").filter((line) => line.startsWith("crossline_"));
  const known = 'crossline_known{service="probe"} 1';
  const all = ['crossline_plain{service="probe"} 5', 'crossline_labelled{kind="a",service="probe"} 7', known];
  expect(await samples()).toEqual(all);
  isAway = true;
  expect(await samples()).toEqual([known]);
  isAway = false;
  expect(await samples()).toEqual(all);
});

test("a gauge that takes too long does not delay the other gauges", async () => {
  const metrics = createMetrics("probe");
  metrics.gauge({ name: "crossline_silent", help: "x", collect: () => new Promise(() => {}) });
  expect(await metrics.registry.metrics()).not.toMatch(/^crossline_silent/m);
});

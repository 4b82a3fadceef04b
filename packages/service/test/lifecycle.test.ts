import { expect, test } from "vitest";
import { createLifecycle, createLogger } from "../src/index.ts";

function setUp() {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger("probe", "info", { write: (line) => void lines.push(JSON.parse(line)) });
  const order: string[] = [];
  const part = (name: string) => [name, async () => void order.push(name)] as const;
  return { life: createLifecycle(log), lines, order, part };
}

test("components stop in the reverse order of their start, one after the other", async () => {
  const { life, order, part } = setUp();
  life.add(...part("database"));
  life.add("broker", async () => {
    await Promise.resolve();
    order.push("broker");
  });
  life.add(...part("http"));
  expect(await life.stop()).toBe(true);
  expect(order).toEqual(["http", "broker", "database"]);
});

test("a second call of `stop` stops no component again, and both calls wait for the end", async () => {
  const { life, order, part } = setUp();
  const httpStopped = Promise.withResolvers<void>();
  life.add(...part("database"));
  life.add("http", () => httpStopped.promise);
  const first = life.stop();
  const second = life.stop();
  expect(order).toEqual([]);
  httpStopped.resolve();
  expect(await Promise.all([first, second])).toEqual([true, true]);
  expect(order).toEqual(["database"]);
});

test("an empty lifecycle stops at once, and a component that is added later is stopped at once", async () => {
  const { life, order, part } = setUp();
  expect(await life.stop()).toBe(true);
  life.add(...part("late"));
  expect(await life.stop()).toBe(true);
  expect(order).toEqual(["late"]);
});

test("a component that fails or hangs is logged and does not delay the other components", async () => {
  const { life, order, lines, part } = setUp();
  life.add(...part("database"));
  life.add("hanging", () => new Promise(() => undefined), 20);
  life.add("failing", () => {
    throw new Error("no");
  });
  expect(await life.stop()).toBe(false);
  expect(order).toEqual(["database"]);
  expect(lines).toMatchObject([
    { level: "error", part: "failing", err: { message: "no" } },
    { level: "error", part: "hanging", limitMs: 20 },
  ]);
});

import { afterEach, expect, test } from "vitest";
import { createLogger, startLoop } from "../src/index.ts";
import type { Loop, LoopOptions } from "../src/index.ts";

const hourMs = 3_600_000;
let loop: Loop;
let lines: Record<string, unknown>[] = [];
afterEach(() => loop.stop());

function start(run: LoopOptions["run"], more: Partial<LoopOptions> = {}): Loop {
  lines = [];
  const log = createLogger("probe", "info", { write: (line) => void lines.push(JSON.parse(line)) });
  loop = startLoop({ name: "probe", log, run, ...more });
  return loop;
}

test("a pass follows at once after a sleep of 0 ms, and after a wake during a longer sleep", async () => {
  let passes = 0;
  start(async () => ({ sleepMs: ++passes < 3 ? 0 : hourMs }));
  await loop.passes();
  await expect.poll(() => passes).toBe(3);
  const next = loop.passes();
  loop.wake();
  await next;
  expect(passes).toBe(4);
});

test("after a wake during a pass another pass follows", async () => {
  let passes = 0;
  const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  start(async () => {
    await ends[passes++]?.promise;
    return { sleepMs: hourMs };
  });
  loop.wake();
  const next = loop.passes(); // The running pass began before this call, so the call waits for the end of the next pass.
  ends[0]?.resolve();
  ends[1]?.resolve();
  await next;
  expect(passes).toBe(2);
});

test("`stop` aborts the signal and waits for the running pass, also at a second call", async () => {
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let aborted = false;
  let ended = false;
  start(async (signal) => {
    signal.addEventListener("abort", () => (aborted = true));
    entered.resolve();
    await released.promise;
    ended = true;
    return { sleepMs: 0 };
  });
  await entered.promise;
  const stopped = [loop.stop(), loop.stop()];
  expect(aborted).toBe(true);
  expect(ended).toBe(false);
  released.resolve();
  await Promise.all(stopped);
  expect(ended).toBe(true);
});

test("a loop can be stopped before its first pass", async () => {
  start(async () => ({ sleepMs: hourMs }));
  await loop.stop();
  await expect(loop.passes()).rejects.toThrow("has stopped");
});

test("repeated errors are logged once, onError receives each error, and the next success is logged", async () => {
  let passes = 0;
  const errors: unknown[] = [];
  start(
    async () => {
      if (++passes <= 3) throw new Error(`no ${passes}`);
      return { sleepMs: hourMs };
    },
    { onError: (error) => errors.push(error), backOff: { firstMs: 1, longestMs: 2 } },
  );
  await loop.passes();
  expect(passes).toBe(4);
  expect(errors).toHaveLength(3);
  expect(lines).toMatchObject([
    { level: "warn", loop: "probe", failures: 1, err: { message: "no 1" } },
    { level: "info", loop: "probe", failures: 3 },
  ]);
});

test("a wake does not shorten a back-off, but a stop does", async () => {
  const failed = Promise.withResolvers<void>();
  let passes = 0;
  start(
    async () => {
      passes += 1;
      throw new Error("no");
    },
    { onError: () => failed.resolve(), backOff: { firstMs: hourMs, longestMs: hourMs } },
  );
  await failed.promise;
  loop.wake();
  await new Promise(setImmediate);
  expect(passes).toBe(1);
  await loop.stop();
});

test("a wait for a pass rejects if the loop stops first", async () => {
  const entered = Promise.withResolvers<void>();
  start(async (signal) => {
    entered.resolve();
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new Error("cut off");
  });
  await entered.promise;
  const [waited] = await Promise.allSettled([loop.passes(), loop.stop()]);
  expect(waited).toMatchObject({ status: "rejected", reason: new Error("the loop probe has stopped") });
  expect(lines).toEqual([]);
});

test("a pass that hangs fails liveness until it ends", async () => {
  const end = Promise.withResolvers<{ sleepMs: number }>();
  start(() => end.promise);
  expect(loop.progress(hourMs)()).toBeUndefined();
  await expect.poll(() => loop.progress(5)() ?? "well").toMatch(/one pass has been running/);
  end.resolve({ sleepMs: hourMs });
  await expect.poll(() => loop.progress(5)() ?? "well").toBe("well");
});

test("readiness fails while all passes fail, and recovers when a pass succeeds", async () => {
  let broken = true;
  start(() => (broken ? Promise.reject(new Error("no")) : Promise.resolve({ sleepMs: hourMs })), {
    backOff: { firstMs: 1, longestMs: 1 },
  });
  expect(loop.success(hourMs)()).toBeUndefined();
  await expect.poll(() => loop.success(5)() ?? "well").toMatch(/no pass has succeeded/);
  broken = false;
  await loop.passes();
  expect(loop.success(5)()).toBeUndefined();
});

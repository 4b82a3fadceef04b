import type { Log } from "./log.ts";

export interface Lifecycle {
  /**
   * Registers something that has just been started. Once stopping has begun, it is stopped at once.
   * `limitMs` is how long stopping it may take (5 s).
   */
  add(name: string, stop: () => unknown, limitMs?: number): void;
  /**
   * Stops everything, the last started first, each within its limit. Resolves when all of it has stopped: true when all did so
   * in time and without a fault. The second call waits for the first.
   */
  stop(): Promise<boolean>;
}

type StartedPart = { readonly name: string; readonly stop: () => unknown; readonly limitMs: number };

/** The order in which a process starts its parts, so that they are stopped in the opposite one. */
export function createLifecycle(log: Log): Lifecycle {
  const parts: StartedPart[] = [];
  let stopping: Promise<boolean> | undefined;
  let late: Promise<boolean> = Promise.resolve(true);

  async function stopAll(): Promise<boolean> {
    let clean = true;
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) clean = (await stopOne(part, log)) && clean;
    return clean;
  }

  return {
    add(name, stop, limitMs = 5_000) {
      const part = { name, stop, limitMs };
      if (stopping === undefined) parts.push(part);
      else late = Promise.all([late, stopOne(part, log)]).then((each) => each.every(Boolean));
    },
    async stop() {
      const first = await (stopping ??= stopAll());
      // What was added while it stopped: nobody waits for it but this.
      return (await late) && first;
    },
  };
}

async function stopOne({ name, stop, limitMs }: StartedPart, log: Log): Promise<boolean> {
  const overdue = Promise.withResolvers<"overdue">();
  const timer = setTimeout(overdue.resolve, limitMs, "overdue");
  try {
    const outcome = await Promise.race([Promise.resolve().then(stop), overdue.promise]);
    if (outcome !== "overdue") return true;
    log.error({ part: name, limitMs }, "a part did not stop in time");
  } catch (error) {
    log.error({ part: name, err: error }, "a part failed while it was stopped");
  } finally {
    clearTimeout(timer);
  }
  return false;
}

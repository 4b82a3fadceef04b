import type { Log } from "./log.ts";

/** The components of a process in the order of their start. */
export interface Lifecycle {
  /**
   * Registers a component that has just started. If the lifecycle is already stopping, the lifecycle stops the
   * component at once. `limitMs` is the time limit for the stop of the component, 5 s by default.
   */
  add(name: string, stop: () => unknown, limitMs?: number): void;
  /**
   * Stops all components, each within its limit, and begins with the last started component. Resolves to true if all
   * components stopped in time and without a fault. A second call waits for the first.
   */
  stop(): Promise<boolean>;
}

type StartedPart = { readonly name: string; readonly stop: () => unknown; readonly limitMs: number };

/** Creates a lifecycle. The lifecycle stops components in the reverse order of their start. */
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
      // Only this call waits for the components that were added during the stop.
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
    log.error({ part: name, limitMs }, "a component did not stop in time");
  } catch (error) {
    log.error({ part: name, err: error }, "a component failed at its stop");
  } finally {
    clearTimeout(timer);
  }
  return false;
}

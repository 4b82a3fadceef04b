/** Wakes a loop that has nothing to do. A ring while nobody waits is kept for the next one who does. */
export type Wakeup = {
  notify(): void;
  /** Forgets a ring that was kept: what it told of is about to be looked at. */
  clear(): void;
  /** Resolves at a ring, after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

export function createWakeup(): Wakeup {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    notify() {
      rung = true;
      wake?.();
    },
    clear() {
      rung = false;
    },
    wait(ms, signal) {
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          wake = undefined;
          rung = false;
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal.addEventListener("abort", end, { once: true });
        wake = end;
        if (rung || signal.aborted) end();
      });
    },
  };
}

/** Wakes a loop that waits for work. If no loop waits, a notification is kept for the next `wait`. */
export type Wakeup = {
  notify(): void;
  /** Discards a kept notification. A loop calls this function before it checks for work. */
  clear(): void;
  /** Resolves at a notification, after `ms` milliseconds, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

/** Creates a wakeup for one loop. */
export function createWakeup(): Wakeup {
  let isNotified = false;
  let wake: (() => void) | undefined;
  return {
    notify() {
      isNotified = true;
      wake?.();
    },
    clear() {
      isNotified = false;
    },
    wait(ms, signal) {
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          wake = undefined;
          isNotified = false;
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal.addEventListener("abort", end, { once: true });
        wake = end;
        if (isNotified || signal.aborted) end();
      });
    },
  };
}

/**
 * Resolves when Ctrl-C, SIGTERM or the parent's end has stopped everything. A repeated signal within 1.5 s is ignored,
 * because Ctrl-C reaches the whole process group and pnpm sends the signal again. A later signal ends the process at
 * once.
 */
export function untilStopped(stop: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let since: number | undefined;
    const parent = process.ppid;
    const onSignal = (): void => {
      if (since !== undefined) {
        if (performance.now() - since > 1500) process.exit(1);
        return;
      }
      since = performance.now();
      clearInterval(watch);
      process.stdout.write("\n» stopping\n");
      stop()
        .then(() => process.stdout.write("» stopped\n"))
        .then(() => resolve(), reject);
    };
    process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
    const watch = setInterval(() => (process.ppid === parent ? undefined : onSignal()), 1000);
    watch.unref();
  });
}

/**
 * Resolves when Ctrl-C, SIGTERM or the parent's end has stopped everything. A signal that comes again at once is the same
 * one (Ctrl-C reaches the whole group, and pnpm passes it on); later a second one means "now".
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

import { type Platform, type ServiceName, environmentOf, startChild } from "@crossline/cli";

const replicated: readonly ServiceName[] = ["timer", "routing"];
const firstOffset = 10;

/** Starts more processes of timer and routing for a platform, and waits until they are ready. */
export async function startReplicas(
  { settings }: Platform,
  count: number,
): Promise<{ readonly stop: () => Promise<void> }> {
  let port = settings.ports.intake + firstOffset;
  const children = Array.from({ length: count }, () =>
    replicated.map((name) => {
      const ownPort = port++;
      const env = { ...environmentOf(name, settings), PORT: String(ownPort) };
      return { child: startChild(name, { env, onExit: () => {} }), port: ownPort };
    }),
  ).flat();
  await Promise.all(children.map((each) => untilReady(each.port)));
  return {
    stop: async () => {
      await Promise.all(children.map(({ child }) => child.stop()));
    },
  };
}

async function untilReady(port: number): Promise<void> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline;) {
    const isReady = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the replica at port ${port} was not ready within a minute`);
}

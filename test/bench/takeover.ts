import { setTimeout as delay } from "node:timers/promises";
import type { Platform } from "@crossline/cli";
import { type Bench, type BenchOutcome, type Scale, quantile } from "./frame.ts";
import { measureStalls, openedBefore } from "./stall-load.ts";

const perSecond = 100;
const killAfterMs = 500;

/** The lateness of escalations after SIGKILL of the timer that owns their partition. */
export const takeover: Bench = {
  name: "takeover",
  title: "SIGKILL of the timer",
  about:
    "Cases become due at 100 a second. The only timer, which owns all partitions, is killed half a second after the first case is due. The supervisor restarts the timer 0.3 s later. Lateness is the time from the due instant of a case to the vendor's record. The median shows the lateness of a case without a fault.",
  run: (scale, servers) =>
    scale === "quick"
      ? servers.shared((platform) => measure(platform, scale))
      : servers.platform((platform) => measure(platform, scale)),
};

async function measure(platform: Platform, scale: Scale): Promise<BenchOutcome> {
  const worst: number[] = [];
  const usual: number[] = [];
  let seen = 0;
  let opened = 0;
  for (let round = 0; round < (scale === "quick" ? 1 : 3); round++) {
    const plan = openedBefore([{ name: "kill", perSecond, seconds: 10 }], 300);
    let killing = Promise.resolve();
    const found = await measureStalls(platform, plan, () => {
      killing = delay(killAfterMs).then(() => platform.kill("timer", "SIGKILL"));
    });
    await killing;
    const stalls = found.get("kill");
    worst.push(Math.max(...(stalls?.toVendor ?? [Number.NaN])));
    usual.push(quantile(stalls?.toVendor ?? [], 0.1));
    seen += stalls?.toVendor.length ?? 0;
    opened += stalls?.opened ?? 0;
  }
  const late = Math.max(...worst) / 1_000;
  return {
    figures: [
      {
        name: "lateness after SIGKILL of a timer, the latest of all",
        figure: `${late.toFixed(1)} s`,
        ratio: (late * 1_000) / quantile(usual, 0.5),
        against: `a case before the kill, ${quantile(usual, 0.5).toFixed(0)} ms`,
        value: late,
        must: { atMost: 7 },
        aim: { atMost: 1 },
      },
      {
        name: "crossings seen after SIGKILL of a timer",
        figure: `${seen} of ${opened}`,
        ratio: seen / opened,
        against: "opened",
        must: { atLeast: 1 },
      },
    ],
  };
}

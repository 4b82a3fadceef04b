import { setTimeout as delay } from "node:timers/promises";
import type { Platform } from "@crossline/cli";
import type { Bench, BenchOutcome, Scale } from "./frame.ts";
import { cpuSeconds, residentMib } from "./processes.ts";

const budget = 0.01;

/** The cost of the services without any work. */
export const idle: Bench = {
  name: "idle",
  title: "Idle services",
  about:
    "The benchmark measures each service's process while no request arrives and nothing is due, four minutes after the start. The values are the processor time of the process, as a share of one core, and the memory of the process. Everything is on: heartbeats, fetches, end offsets, relays, scanner, health checks. The ratio compares the processor time with one hundredth of a core.",
  run: (scale, servers) => servers.platform((platform) => measure(platform, scale), { beside: ["insight", "console"] }),
};

async function measure(platform: Platform, scale: Scale): Promise<BenchOutcome> {
  // In the first minutes V8 still compiles each function that runs every few seconds, and collects the garbage of the start.
  await delay(scale === "quick" ? 3_000 : 240_000);
  const seconds = scale === "quick" ? 7 : 60;
  const before = new Map(platform.services().map(({ name, pid }) => [name, cpuSeconds(pid)]));
  await delay(seconds * 1_000);
  const services = platform.services().map(({ name, pid }) => ({
    name,
    share: (cpuSeconds(pid) - (before.get(name) ?? 0)) / seconds,
    mib: residentMib(pid),
  }));
  return {
    figures: services.map(({ name, share, mib }) => ({
      name: `idle CPU of ${name}`,
      figure: `${(share * 100).toFixed(2)} % of a core, ${mib} MiB`,
      ratio: share / budget,
      against: "1 % of a core",
      must: { atMost: 1 },
      aim: { atMost: 0.3 },
    })),
  };
}

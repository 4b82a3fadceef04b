import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { queueTopic } from "@crossline/contracts";
import { type Client, type Platform, createClient, openDesk, startPlatform } from "@crossline/local";
import { measureFloor } from "./floor.ts";

/**
 * From a case's stall to the record in the vendor's own consumer, through the real processes and a real Kafka, against the
 * floor of two bare Kafka hops in the same run. Also what each service holds in memory. Prints `name: figure, ratio` lines.
 */
const targetMs = 10_000;
const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "100" },
    seconds: { type: "string", default: "15" },
    port: { type: "string", default: "7320" },
  },
});
const perSecond = Number(values.rate);
const count = perSecond * Number(values.seconds);

const note = (line: string): void => void process.stderr.write(`» ${line}\n`);
const platform = await startPlatform({ broker: "kafka", firstPort: Number(values.port), say: note });
try {
  const idle = memoryOf(platform);
  note(`the floor: two bare hops at ${perSecond}/s`);
  const floor = await measureFloor(platform.settings.brokers, perSecond, Math.min(count, 1000));
  note(`${count} cases that stall, ${perSecond}/s`);
  const delays = await measureStalls(platform);
  const busy = memoryOf(platform);
  const [p50, p99] = [quantile(delays, 0.5), quantile(delays, 0.99)];
  const [floor50, floor99] = [quantile(floor, 0.5), quantile(floor, 0.99)];
  print("two bare Kafka hops p50", `${floor50.toFixed(1)} ms`, 1);
  print("stall to vendor p50", `${p50.toFixed(1)} ms`, p50 / floor50);
  print("two bare Kafka hops p99", `${floor99.toFixed(1)} ms`, 1);
  print("stall to vendor p99", `${p99.toFixed(1)} ms`, p99 / floor99);
  print("crossings seen", `${delays.length} of ${count}`, delays.length / count);
  for (const [name, mebibytes] of busy)
    print(`memory of ${name}`, `${mebibytes} MiB`, mebibytes / (idle.get(name) ?? mebibytes));
} finally {
  await platform.stop();
}
process.exit(0);

async function measureStalls({ url, settings }: Platform): Promise<number[]> {
  const operator = createClient(url, settings.operatorKey);
  const suffix = crypto.randomUUID().slice(0, 8);
  const party = async (name: string, kind: string): Promise<string> => {
    await operator.post("/v1/parties", { party: name, kind, name });
    return (await operator.post<{ key: string }>(`/v1/parties/${name}/keys`)).key;
  };
  const vendor = `bench-vendor-${suffix}`;
  const carrier = createClient(url, await party(`bench-carrier-${suffix}`, "carrier"));
  await party(vendor, "vendor");
  const delays: number[] = [];
  const offers: number[] = [];
  const desk = await openDesk(settings.brokers, [queueTopic(vendor, "wall")], ({ data, time }) => {
    const { openedAt } = (data as { brief: { case: { openedAt: string } } }).brief.case;
    const due = Temporal.Instant.from(openedAt).epochMilliseconds + targetMs;
    delays.push(Date.now() - due);
    offers.push(Temporal.Instant.from(time).epochMilliseconds - due);
  });
  await publishLine(carrier, vendor);
  const opened: Promise<unknown>[] = [];
  const started = performance.now();
  for (let index = 0; index < count; index++) {
    opened.push(
      carrier.post("/v1/cases", {
        carrierCaseId: `B-${index}`,
        line: "bench",
        title: "bench",
        channel: "phone",
        handling: {},
      }),
    );
    const ahead = started + ((index + 1) * 1000) / perSecond - performance.now();
    if (ahead > 1) await new Promise((resolve) => setTimeout(resolve, ahead));
  }
  await Promise.all(opened);
  for (const deadline = performance.now() + targetMs + 15_000; delays.length < count && performance.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await desk.close();
  print(
    "stall to offer p50, of these",
    `${quantile(offers, 0.5).toFixed(1)} ms`,
    quantile(offers, 0.5) / quantile(delays, 0.5),
  );
  return delays;
}

async function publishLine(carrier: Client, vendor: string): Promise<void> {
  const line = {
    line: "bench",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT10S" }],
    crossing: [{ to: `queue:${vendor}.desk`, acceptWithin: "P1D" }],
    lastResort: ["https://duty.example/"],
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await carrier.post("/v1/lines", line);
      return;
    } catch (error) {
      if (attempt === 50) throw error; // The vendor may not be known to routing yet.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Resident memory of each service, in MiB. */
function memoryOf({ services }: Platform): Map<string, number> {
  return new Map(
    services().map(({ name, pid }) => {
      const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      return [name, Math.round(Number(kibibytes) / 1024)];
    }),
  );
}

function quantile(sample: readonly number[], of: number): number {
  return sample.toSorted((a, b) => a - b)[Math.floor(sample.length * of)] ?? Number.NaN;
}

function print(name: string, figure: string, ratio: number): void {
  process.stdout.write(`${name}: ${figure}, ratio ${ratio.toFixed(2)}x\n`);
}

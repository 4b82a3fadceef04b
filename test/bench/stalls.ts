import { queueTopic } from "@crossline/contracts";
import { type Client, type Platform, createClient, openDesk } from "@crossline/local";
import { measureFloor } from "./floor.ts";
import { type Bench, quantile } from "./frame.ts";

const targetMs = 10_000;

/** From a case's stall to the record in the vendor's own consumer. */
export const stalls: Bench = {
  name: "stalls",
  title: "Stall → the vendor's own consumer",
  about:
    "Cases are opened over REST with a live handling, at a steady rate; each stalls 10 s later and crosses. From the due instant to the record in a plain Kafka client: real processes, a real Kafka, every step durable. The floor is a record that goes over two topics with nothing in between.",
  run: (scale, parts) =>
    parts.platform(async (platform) => {
      const perSecond = scale === "quick" ? 50 : 100;
      const count = perSecond * (scale === "quick" ? 5 : 15);
      const floor = await measureFloor(platform.settings.brokers, perSecond, Math.min(count, 1000));
      const delays = await measureStalls(platform, perSecond, count);
      const line = (name: string, of: number) => ({
        name: `${name}, ${perSecond}/s`,
        figure: `${quantile(delays, of).toFixed(1)} ms`,
        ratio: quantile(delays, of) / quantile(floor, of),
        against: `two bare Kafka hops, ${quantile(floor, of).toFixed(1)} ms`,
        value: quantile(delays, of),
      });
      return {
        figures: [
          { ...line("stall to vendor p50", 0.5), aim: { atMost: 50 } },
          { ...line("stall to vendor p99", 0.99), must: { atMost: 250 }, aim: { atMost: 100 } },
          {
            name: "crossings seen",
            figure: `${delays.length} of ${count}`,
            ratio: delays.length / count,
            against: "opened",
            must: { atLeast: 1 },
          },
        ],
      };
    }),
};

async function measureStalls({ url, settings }: Platform, perSecond: number, count: number): Promise<number[]> {
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
  const desk = await openDesk(settings.brokers, [queueTopic(vendor, "wall")], ({ data }) => {
    const { openedAt } = (data as { brief: { case: { openedAt: string } } }).brief.case;
    delays.push(Date.now() - Temporal.Instant.from(openedAt).epochMilliseconds - targetMs);
  });
  await publishLine(carrier, vendor);
  const opened: Promise<unknown>[] = [];
  const started = performance.now();
  for (let index = 0; index < count; index++) {
    const body = { carrierCaseId: `B-${index}`, line: "bench", title: "bench", channel: "phone", handling: {} };
    opened.push(carrier.post("/v1/cases", body));
    const ahead = started + ((index + 1) * 1000) / perSecond - performance.now();
    if (ahead > 1) await new Promise((resolve) => setTimeout(resolve, ahead));
  }
  await Promise.all(opened);
  for (const deadline = performance.now() + targetMs + 15_000; delays.length < count && performance.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await desk.close();
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

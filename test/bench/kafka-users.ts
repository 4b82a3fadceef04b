import type { Platform } from "@crossline/cli";
import { type Bench, type BenchOutcome, type Measurement, type Scale, interleave, median, ratioOf } from "./frame.ts";
import { cpuSeconds } from "./processes.ts";
import type { BenchServers, KafkaAccess } from "./servers.ts";
import { measureStalls, openedBefore } from "./stall-load.ts";

/** The price of Kafka's users, and apart the price of TLS, in processor time of an escalation. */
export const kafkaUsers: Bench = {
  name: "kafka-users",
  title: "The price of Kafka's users, and of TLS",
  about:
    "Cases stall and cross at 100 a second to the vendor's own Kafka client. The processor time is that of all services in the path of an escalation, and of Kafka, from the opening to the vendor's record. The same build runs on an open Kafka, on a Kafka with users and rights (SASL/SCRAM-SHA-512), and on this Kafka over TLS. The reference of each result is the Kafka before it.",
  run: (scale, servers) => measure(scale, servers),
  onlyByName: true,
};

const perSecond = 100;

async function measure(scale: Scale, servers: BenchServers): Promise<BenchOutcome> {
  const isQuick = scale === "quick";
  const seconds = isQuick ? 5 : 20;
  const kafkaMs: Record<KafkaAccess, number[]> = { open: [], users: [], "users and TLS": [] };
  const run = (access: KafkaAccess) => async (): Promise<number> =>
    servers.platform(
      async (platform, { kafka }) => {
        const { services, broker } = await priceOf(platform, kafka.pid, seconds);
        kafkaMs[access].push(broker);
        return services + broker;
      },
      { access },
    );
  const prices = await interleave(isQuick ? 1 : 3, {
    open: run("open"),
    users: run("users"),
    "users and TLS": run("users and TLS"),
  });
  const line = (access: KafkaAccess, before: KafkaAccess): Measurement => ({
    name: `processor time of an escalation, ${access}`,
    figure: `${median(prices[access]).toFixed(2)} ms (Kafka ${median(kafkaMs[access]).toFixed(2)})`,
    ...ratioOf(prices[access], prices[before]),
    against: `${before}, ${median(prices[before]).toFixed(2)} ms`,
    value: median(prices[access]),
    better: "lower",
  });
  return { figures: [line("users", "open"), line("users and TLS", "users")] };
}

/** Returns the milliseconds of processor time of one escalation, in the services and in Kafka. */
async function priceOf(
  platform: Platform,
  kafkaPid: number,
  seconds: number,
): Promise<{ readonly services: number; readonly broker: number }> {
  const used = () => platform.services().reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
  // In the first seconds the code is not compiled yet.
  await measureStalls(platform, openedBefore([{ name: "warm", perSecond, seconds: 3 }], perSecond));
  const [servicesBefore, brokerBefore] = [used(), cpuSeconds(kafkaPid)];
  const phase = { name: "measured", perSecond, seconds };
  const { toVendor = [] } = (await measureStalls(platform, openedBefore([phase], perSecond))).get("measured") ?? {};
  if (toVendor.length < perSecond * seconds) throw new Error("not every case crossed");
  const each = (since: number, now: number): number => ((now - since) * 1_000) / toVendor.length;
  return { services: each(servicesBefore, used()), broker: each(brokerBefore, cpuSeconds(kafkaPid)) };
}

import { queueTopic } from "@crossline/contracts";
import { type Client, type Platform, createClient, openDesk } from "@crossline/cli";

/** The stalled cases that a vendor's own consumer received. */
export type Crossings = {
  /** By case, the milliseconds from the due instant to the arrival of the record at this consumer. */
  readonly delays: ReadonlyMap<string, number>;
  close(): Promise<void>;
};

export const stallMs = 10_000;
export const lineName = "bench";

/**
 * Registers a carrier with a key, and publishes a line under which a case crosses to `vendor` after 10 s without
 * progress.
 */
export async function makeCarrier(
  platform: Platform,
  vendor: string,
): Promise<{ readonly key: string; readonly client: Client }> {
  const made = await makeParty(platform, "carrier");
  const client = createClient(platform.url, made.key);
  const line = {
    line: lineName,
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT10S" }],
    crossing: [{ to: `queue:${vendor}.desk`, acceptWithin: "P1D" }],
    lastResort: ["https://duty.example/"],
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await client.post("/v1/lines", line);
      return { key: made.key, client };
    } catch (error) {
      if (attempt === 100) throw error; // Routing may not know the vendor yet.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export async function makeVendor(platform: Platform): Promise<string> {
  return (await makeParty(platform, "vendor")).name;
}

/** Reads the vendor's queue topic from outside with a plain Kafka client. */
export async function listenAtDesk(platform: Platform, vendor: string): Promise<Crossings> {
  const delays = new Map<string, number>();
  const connection = await platform.connectDesk(vendor);
  if (connection === undefined) throw new Error("the vendor's consumer needs Kafka");
  const desk = await openDesk(connection, [queueTopic(vendor, "wall")], ({ caseId, data }) => {
    const { openedAt } = (data as { brief: { case: { openedAt: string } } }).brief.case;
    if (!delays.has(caseId))
      delays.set(caseId, Date.now() - Temporal.Instant.from(openedAt).epochMilliseconds - stallMs);
  });
  return { delays, close: () => desk.close() };
}

async function makeParty({ url, settings }: Platform, kind: string): Promise<{ name: string; key: string }> {
  const operator = createClient(url, settings.operatorKey);
  const name = `bench-${kind}-${crypto.randomUUID().slice(0, 8)}`;
  await operator.post("/v1/parties", { party: name, kind, name });
  const { key } = await operator.post<{ key: string }>(`/v1/parties/${name}/keys`);
  return { name, key };
}

import { secretsOf } from "../connection.ts";
import { type CheckResult, fault, ok, warning } from "./check-result.ts";

const responseMs = 5_000;
const depthMax = 1_000;
const ageMaxSeconds = 30;

/** The sums of the metrics of one service. */
type Backlog = {
  readonly name: string;
  readonly parked: number;
  readonly dead: number;
  readonly depth: number;
  readonly oldestSeconds: number;
  readonly lag: number;
};

/** Checks the parked cases, dead letters, unsent records and unread records of each service that shows its metrics. */
export async function checkBacklog(
  addresses: readonly { readonly name: string; readonly url: string }[],
): Promise<CheckResult[]> {
  const read = await Promise.all(addresses.map(({ name, url }) => readBacklog(name, url)));
  const known = read.filter((backlog) => backlog !== undefined);
  const hidden = addresses.filter((_, index) => read[index] === undefined).map(({ name }) => name);
  const remedy = "set INTERNAL_KEY, and check that the services run";
  const unreadable = hidden.length === 0 ? [] : [warning("metrics", `not readable: ${hidden.join(", ")}`, remedy)];
  if (known.length === 0) return unreadable;
  const list = (pick: (backlog: Backlog) => number): string =>
    known.flatMap((one) => (pick(one) > 0 ? [`${one.name} ${pick(one)}`] : [])).join(", ") || "none";
  const stands = known.some(({ parked, dead }) => parked + dead > 0);
  const isLate = known.some(({ depth, oldestSeconds }) => depth > depthMax || oldestSeconds > ageMaxSeconds);
  const standing = `parked: ${list(({ parked }) => parked)}; dead letters: ${list(({ dead }) => dead)}`;
  const unsent = `unsent: ${list(({ depth }) => depth)}`;
  const unread = `unread: ${list(({ lag }) => lag)}`;
  const lagRemedy = "wait a minute; if the number grows, read the service's log";
  return [
    stands
      ? fault("parked records", standing, "`crossline parked` shows the reasons; fix them, then replay")
      : ok("parked records", standing),
    isLate ? warning("outbox", unsent, "check that Kafka accepts records") : ok("outbox", unsent),
    known.some(({ lag }) => lag > depthMax) ? warning("lag", unread, lagRemedy) : ok("lag", unread),
    ...unreadable,
  ];
}

async function readBacklog(name: string, url: string): Promise<Backlog | undefined> {
  const text = await readMetrics(url);
  if (text === undefined) return undefined;
  return {
    name,
    parked: sumOf(text, "crossline_inbox_standing", 'kind="parked"'),
    dead: sumOf(text, "crossline_inbox_standing", 'kind="dead-letter"'),
    depth: sumOf(text, "crossline_outbox_depth"),
    oldestSeconds: sumOf(text, "crossline_outbox_oldest_seconds"),
    lag: sumOf(text, "crossline_consumer_lag"),
  };
}

/** Reads the metrics of a service. Intake shows them only to a client with the internal key. */
async function readMetrics(url: string): Promise<string | undefined> {
  for (const key of ["", ...secretsOf("INTERNAL_KEY")]) {
    const headers = { authorization: `Bearer ${key}` };
    const signal = AbortSignal.timeout(responseMs);
    const response = await fetch(new URL("/metrics", url), { headers, signal }).catch(() => undefined);
    if (response?.ok === true) return response.text();
  }
  return undefined;
}

/** Returns the sum of a metric in the text format of Prometheus, of all series that contain the label. */
export function sumOf(text: string, metric: string, label = ""): number {
  const series = text.split("\n").filter((row) => /^[{ ]/.test(row.slice(metric.length)) && row.startsWith(metric));
  const values = series.filter((row) => row.includes(label)).map((row) => Number(row.split(" ").at(-1)));
  return values.reduce((sum, value) => sum + value, 0);
}

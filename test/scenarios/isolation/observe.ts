import { queueTopic } from "@crossline/contracts";
import { canonicalJson } from "@crossline/domain";
import { maskRun } from "../mask-run.ts";
import { readerWithKey } from "./callers.ts";
import type { Company } from "./company.ts";
import { type ReadOperation, crawl } from "./crawl.ts";
import type { Ground } from "./ground.ts";
import type { History } from "./history.ts";

/** A text that a company read or received, with its address or channel. Ids, names and instants of the wall have masks. */
export type Observation = readonly [where: string, text: string];

const dayMs = 86_400_000;
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const planted = /zq[0-9a-f]{12}/g;

/**
 * A cursor has ids, and a secret and the id of a trace are random. A position of a row depends on the number of records that the console
 * reads at once.
 */
const ofRun = /"(next|secret|ce_traceparent)":"[^"]*"|"(position)":\d+/g;

/**
 * The operations whose responses depend on the time of the caller's own requests, and the log of the webhooks, which leave in any order.
 * The received webhooks are compared.
 */
export const notCompared: readonly string[] = [
  "/v1/actions",
  "/v1/actions/export",
  "/v1/sessions",
  "/v1/deliveries",
  "/v1/deliveries/{id}",
];

/** A service saves the last use of a key, or the last read of a queue, some seconds later. A quick run can end before it. */
export const savedLater = /,"last(?:Used|Read)At":"[^"]*"/g;

/**
 * Returns everything that a company reads at any address, in the responses to its commands, in its webhooks and on its queue topic. The
 * order is the same in each run of a history.
 */
export async function observe(
  ground: Pick<Ground, "created" | "receivers" | "records" | "stage">,
  { operations, history, company }: { operations: readonly ReadOperation[]; history: History; company: Company },
): Promise<readonly Observation[]> {
  const { party, key } = company;
  const created = ground.created.get(party) ?? [];
  const read = operations.filter(({ path }) => !notCompared.includes(path));
  const found = await crawl(read, { party, created }, readerWithKey(ground.stage.url, key));
  const bodies = [...found]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, byAddress]) => [...byAddress].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  const commands = history.responsesTo(company).map((text) => ["a response to a command", text] as const);
  const webhooks = ground.receivers.arrivals
    .filter(({ channel, reader }) => channel === "webhook" && reader === party)
    // A webhook that waited in the database has its fields in another order.
    .map(({ body }) => canonicalJson(JSON.parse(body)))
    .toSorted((one, other) => (withoutNames(one) < withoutNames(other) ? -1 : 1))
    .map((text) => ["a webhook", text] as const);
  const records = ground.records
    .filter(({ topic }) => topic === queueTopic(party, "stepped"))
    .map(({ headers, value }) => ["a record of the queue topic", JSON.stringify({ ...headers, value })] as const);
  const all = [...commands, ...bodies, ...webhooks, ...records];
  const names = Object.fromEntries(Object.entries(history.companies).map(([role, one]) => [one.party, role]));
  const masked = maskRun(
    all.flatMap(([where, text]) => [
      where,
      text.replaceAll(savedLater, "").replaceAll(instant, maskWall).replaceAll(ofRun, '"$1$2"'),
    ]),
    names,
    planted,
  );
  return all.map((_, index) => [masked[2 * index] ?? "", masked[2 * index + 1] ?? ""]);
}

/** Returns a text without its ids and planted texts, which differ in each run. */
function withoutNames(text: string): string {
  return text.replaceAll(/\b[a-z]{2,4}_[0-9a-z]{26}\b|zq[0-9a-f]{12}|\b[0-9a-f]{64}\b/g, "");
}

/** Masks an instant of the wall. The instants of a stepped timeline are the same in each run. */
function maskWall(text: string): string {
  return Math.abs(Date.parse(text) - Date.now()) < 40 * dayMs ? "(wall)" : text;
}

/** Returns the differences between the observations of two runs, at most ten. */
export function differences(one: readonly Observation[], other: readonly Observation[]): readonly string[] {
  const byPlace = (all: readonly Observation[]) => Map.groupBy(all, ([where]) => where);
  const [ones, others] = [byPlace(one), byPlace(other)];
  const places = [...new Set([...ones.keys(), ...others.keys()])];
  return places
    .flatMap((place) => {
      const texts = (all: typeof ones) => (all.get(place) ?? []).map(([, text]) => text);
      const [left, right] = [texts(ones), texts(others)];
      const index = Array.from({ length: Math.max(left.length, right.length) }).findIndex(
        (_, at) => left[at] !== right[at],
      );
      return index < 0 ? [] : [describeDifference(place, left[index], right[index])];
    })
    .slice(0, 10);
}

function describeDifference(place: string, left = "(absent)", right = "(absent)"): string {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  const part = (text: string) => text.slice(Math.max(0, at - 80), at + 80);
  return `${place}: with the secrets …${part(left)}… without them …${part(right)}…`;
}

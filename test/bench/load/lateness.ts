import type { Platform } from "@crossline/cli";

/** How late the timer's thresholds fired, by its own histogram: upper bounds of buckets, in seconds, and counts since `before`. */
export type Lateness = readonly { readonly upTo: number; readonly count: number }[];

export async function readLateness({ settings }: Platform): Promise<Lateness> {
  const answer = await fetch(`http://127.0.0.1:${settings.ports.timer}/metrics`);
  const text = await answer.text();
  const sums = new Map<number, number>();
  for (const [, bound, count] of text.matchAll(
    /^crossline_timer_lateness_seconds_bucket\{.*le="([^"]+)".*\} (\d+)$/gm,
  )) {
    const upTo = bound === "+Inf" ? Infinity : Number(bound);
    sums.set(upTo, (sums.get(upTo) ?? 0) + Number(count));
  }
  return [...sums].map(([upTo, count]) => ({ upTo, count })).toSorted((a, b) => a.upTo - b.upTo);
}

/** The bucket's upper bound below which this share of the firings between two readings lies, in seconds. */
export function latenessQuantile(before: Lateness, after: Lateness, of: number): number {
  const counts = after.map(({ upTo, count }) => ({
    upTo,
    count: count - (before.find((bucket) => bucket.upTo === upTo)?.count ?? 0),
  }));
  const all = counts.at(-1)?.count ?? 0;
  return counts.find(({ count }) => count >= all * of)?.upTo ?? Number.NaN;
}

import type { Platform } from "@crossline/cli";

/** The timer's histogram of lateness: the upper bounds of its buckets in seconds, with their counts. */
export type Lateness = readonly { readonly upTo: number; readonly count: number }[];

export async function readLateness({ settings }: Platform): Promise<Lateness> {
  const response = await fetch(`http://127.0.0.1:${settings.ports.timer}/metrics`);
  const text = await response.text();
  const sums = new Map<number, number>();
  for (const [, bound, count] of text.matchAll(
    /^crossline_timer_lateness_seconds_bucket\{.*le="([^"]+)".*\} (\d+)$/gm,
  )) {
    const upTo = bound === "+Inf" ? Infinity : Number(bound);
    sums.set(upTo, (sums.get(upTo) ?? 0) + Number(count));
  }
  return [...sums].map(([upTo, count]) => ({ upTo, count })).toSorted((a, b) => a.upTo - b.upTo);
}

/**
 * Returns the quantile of the lateness of the firings between two readings, for the share `of`. The result is the upper
 * bound of a bucket, in seconds.
 */
export function latenessQuantile(before: Lateness, after: Lateness, of: number): number {
  const counts = after.map(({ upTo, count }) => ({
    upTo,
    count: count - (before.find((bucket) => bucket.upTo === upTo)?.count ?? 0),
  }));
  const all = counts.at(-1)?.count ?? 0;
  return counts.find(({ count }) => count >= all * of)?.upTo ?? Number.NaN;
}

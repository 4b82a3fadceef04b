/**
 * The flags of Node for a service. The container images use the same flags, and a test compares both lists.
 *
 * Most objects of a service are garbage by the next batch, so the young generation is large from the start. A full
 * collection begins only when the old generation has grown threefold. With V8's default, a full collection began each
 * time the old generation had doubled, from about 30 MB. With V8's default and 1,000 crossings per second, five full
 * collections per second took a fifth of routing's time. V8's default also raised the p99 of the benchmark "stall to
 * vendor" from 0.2–0.4 s to 0.8–1.5 s.
 *
 * The collector uses no helper threads, because they wait for a core if all cores are busy. The p99 of the same
 * benchmark is 205 ms without helper threads, and 265 to 570 ms with helper threads. All measurements used
 * `--heap-growing-percent=400`. With the value 400, intake came close to its memory limit, so the value is now 200.
 */
export const nodeFlags = [
  "--min-semi-space-size=32",
  "--max-semi-space-size=32",
  "--heap-growing-percent=200",
  "--single-threaded-gc",
  // The container images have the same limit, because under overload a service needs as much memory in a container as
  // outside a container.
  "--max-old-space-size=256",
];

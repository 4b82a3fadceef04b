/**
 * The flags of Node for a service. The container images use the same flags, and a test compares both lists.
 *
 * Most objects of a service are garbage by the next batch. The young generation is therefore large from the start. A
 * full collection begins only when the old generation has grown threefold. With V8's default, a full collection began
 * each time the old generation had doubled, from about 30 MB. At 1,000 crossings per second, routing then made five
 * full collections per second, which took a fifth of its time. The p99 of the time from the stall to the vendor was 0.8
 * to 1.5 s instead of 0.2 to 0.4 s.
 *
 * The collector uses no helper threads, because they wait for a core if all cores are busy. Without these threads the
 * p99 of the same time is 205 ms, and with these threads it is 265 to 570 ms. All measurements used
 * `--heap-growing-percent=400`. Intake then came close to its memory limit, so the value is now 200.
 */
export const nodeFlags = [
  "--min-semi-space-size=32",
  "--max-semi-space-size=32",
  "--heap-growing-percent=200",
  "--single-threaded-gc",
  // The containers have the same limit, because a service needs the same memory under overload.
  "--max-old-space-size=256",
];

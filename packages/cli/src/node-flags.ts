/**
 * The flags of Node for a service, here and in its image. A test compares the two.
 *
 * Most objects of a service are garbage by the next batch, and few survive. Therefore the young generation is large from the start.
 * A full collection begins only when the old generation has grown threefold. V8's default began one at every doubling of about
 * 30 MB. At 1,000 crossings a second this meant five collections a second and a fifth of routing's time. The p99 from the stall
 * to the vendor was then 0.8 to 1.5 s instead of 0.2 to 0.4 s.
 *
 * The helper threads of the collector wait for a core if all cores are busy. Without these threads p99 is 205 ms, and with them
 * 265 to 570 ms.
 * All measurements used `--heap-growing-percent=400`. Intake then came close to its memory limit, so the value is now 200.
 */
export const nodeFlags = [
  "--min-semi-space-size=32",
  "--max-semi-space-size=32",
  "--heap-growing-percent=200",
  "--single-threaded-gc",
  // The containers have the same limit, because a service needs the same memory under overload.
  "--max-old-space-size=256",
];

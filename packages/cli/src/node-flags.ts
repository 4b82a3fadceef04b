/**
 * How Node runs a service, here and in its image (a test holds the two together).
 *
 * Most of what a service makes is garbage by the next batch, and little of it stays: room for the young from the start, and a full
 * collection only when the old have grown threefold. By itself V8 began one at every doubling of some 30 MB: five a second at 1,000
 * crossings a second, a fifth of routing's time, and p99 from the stall to the vendor was 0.8 to 1.5 s instead of 0.2 to 0.4. The
 * helpers of its collector wait for a core where all are busy (p99 205 ms without them, 265 to 570 with). Those figures are of a growth of 400, with which intake came close to its memory.
 */
export const nodeFlags = [
  "--min-semi-space-size=32",
  "--max-semi-space-size=32",
  "--heap-growing-percent=200",
  "--single-threaded-gc",
  // The same limit as the containers': what a service needs under overload is the same in both.
  "--max-old-space-size=256",
];

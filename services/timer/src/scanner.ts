/**
 * Exports the consumer and the due scanner without the relay and the routes, for the benchmarks of test/bench. The benchmarks insert
 * cases directly, and measure only how the timer reads due cases and fires clocks. All other programs start the service from
 * `app.ts`.
 */
export { apply } from "./consumers/apply.ts";
export { type CaseRow, insertCases } from "./store/case-clocks.ts";
export { startDueScanner } from "./workers/due-scanner.ts";

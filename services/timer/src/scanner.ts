/**
 * The parts of the timer that arm and fire clocks, without its relay and its routes, for the benchmarks of test/bench: they store
 * armed cases directly, and measure what reads and fires alone. Everything else starts the service from `app.ts`.
 */
export { apply } from "./consumers/apply.ts";
export { type CaseRow, insertCases } from "./store/case-clocks.ts";
export { startDueScanner } from "./workers/due-scanner.ts";

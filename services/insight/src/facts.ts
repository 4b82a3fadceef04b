/**
 * Exports insight's rules without the database and the application of records, for the proof in test/reports. This proof plays generated
 * histories in memory, and through the tables.
 */
export { apply } from "./consumers/apply.ts";
export { assignmentChange } from "./consumers/assignment-changes.ts";
export { crossingChange } from "./consumers/crossing-changes.ts";
export { mergeChanges } from "./consumers/merge-changes.ts";
export { promiseChange } from "./consumers/promise-changes.ts";
export type { AssignmentChange } from "./store/assignments.ts";
export type { CrossingChange } from "./store/crossings.ts";
export type { PromiseChange } from "./store/promises.ts";
export { readCrossedCases } from "./store/crossed-cases.ts";
export { sumOutcomes } from "./store/outcome-sums.ts";
export { countGroups } from "./store/reports.ts";
export { type SampleRow, readSamples } from "./store/samples.ts";

export { applyTimerOrder, continuesOrder } from "./timer-order.ts";
export { type AuditedCase, linesOf, createLostCase, openCase, markRecordsMissing } from "./audited-case.ts";
export type { Firing, FiringVerdict } from "./verdict.ts";
export { compare, firingIdOf } from "./compare.ts";
export type { AuditedEvent } from "./audited-event.ts";
export type { AuditedLine } from "./audited-line.ts";
export { builtinLine, readLine } from "./read-line.ts";
export { findMissed, nextJudgingAt } from "./missed.ts";
export { addToTail } from "./tail.ts";

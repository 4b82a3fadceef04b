export { arrive, isInLine } from "./arrival.ts";
export { type AuditedCase, linesOf, lostCase, open, tear } from "./audited-case.ts";
export type { Firing, Verdict } from "./verdict.ts";
export { compare, firingIdOf } from "./compare.ts";
export type { Happening } from "./happening.ts";
export type { AuditedLine } from "./audited-line.ts";
export { builtinLine, readLine } from "./read-line.ts";
export { findMissed, nextLook } from "./missed.ts";
export { addToTail } from "./tail.ts";

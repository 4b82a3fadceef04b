export { type Arrival, arrive, isInLine } from "./arrival.ts";
export { type AuditedCase, asKept, linesOf, lostCase, open, tear } from "./audited-case.ts";
export { type Firing, type Verdict, compare, firingIdOf } from "./compare.ts";
export { type LineOf } from "./follow.ts";
export { type Happening } from "./happening.ts";
export { type AuditedLine, builtinLine, readLine } from "./line.ts";
export { findMissed, nextLook } from "./missed.ts";
export { addToTail } from "./tail.ts";

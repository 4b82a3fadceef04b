export { type AuditedCase, type Owed, lostCase, wasKept } from "./audited-case.ts";
export { type Firing, type Verdict, compare, findMissed, firingIdOf, nextLook } from "./compare.ts";
export { type LineOf, begin, follow } from "./follow.ts";
export { type Happening } from "./happening.ts";
export { type AuditedLine, builtinLine, readLine } from "./line.ts";

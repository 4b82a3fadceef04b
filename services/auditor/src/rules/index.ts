export { type AuditedCase, type Owed, lostCase } from "./audited-case.ts";
export { type Firing, type Verdict, compare, findMissed, firingIdOf, nextLook } from "./compare.ts";
export { begin, follow } from "./follow.ts";
export { type Happening } from "./kinds.ts";
export { type AuditedLine, builtinLine, readLine } from "./line.ts";

/**
 * Exports the auditor's rules without the database, for tests that play histories in memory. test/audit.test.ts compares these rules
 * with the domain's rules.
 */
export { type Report, createReport } from "./commands/report.ts";
export { auditRecord } from "./consumers/audit-record.ts";
export { type AuditedCase, type AuditedLine, builtinLine, findMissed, firingIdOf, readLine } from "./rules/index.ts";

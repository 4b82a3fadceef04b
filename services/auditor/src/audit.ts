/**
 * Exports the auditor's rules without its database, for tests that play histories in memory. test/audit.test.ts compares them with
 * the domain's rules. Everything else starts the service from `app.ts`.
 */
export { type Report, createReport } from "./commands/report.ts";
export { auditRecord } from "./consumers/audit-record.ts";
export { type AuditedCase, type AuditedLine, builtinLine, findMissed, firingIdOf, readLine } from "./rules/index.ts";

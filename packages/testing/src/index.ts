export { ageId } from "./age-id.ts";
export { type Authority, type Certificate, createAuthority } from "./certificates.ts";
export { type FreshDatabase, freshDatabase, uniquePrefix } from "./database.ts";
export { kafkaBrokers } from "./kafka.ts";
export { type ManagedKafka, managedKafka } from "./managed-kafka.ts";
export { type PrivateServer, privateKafka, privateLockedKafka, privatePostgres } from "./private-servers.ts";
export { schemaSql } from "./schema.ts";
export { waitFor } from "./wait.ts";

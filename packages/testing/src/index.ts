export { aged } from "./aged.ts";
export { type FreshDatabase, freshDatabase, uniquePrefix } from "./database.ts";
export { kafkaBrokers } from "./kafka.ts";
export { type PrivatePart, privateKafka, privatePostgres } from "./private-parts.ts";
export { schemaSql } from "./schema.ts";
export { waitFor } from "./wait.ts";

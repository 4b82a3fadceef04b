export { type FreshDatabase, freshDatabase, uniquePrefix } from "./database.ts";
export { kafkaBrokers } from "./kafka.ts";
export { type PrivatePart, privateKafka, privatePostgres } from "./private-parts.ts";
export { waitFor } from "./wait.ts";

export { type FreshDatabase, freshDatabase, uniquePrefix } from "./database.ts";
export { kafkaBrokers } from "./kafka.ts";
export { waitFor } from "./wait.ts";

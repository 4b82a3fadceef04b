export * from "./broker.ts";
export { partitionName } from "./partition.ts";

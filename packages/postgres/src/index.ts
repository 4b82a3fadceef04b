export { connect, type ConnectOptions, type Database, type Query, type Row, type Tx } from "./connect.ts";
export { isTransient } from "./faults.ts";
export { ForeignDataError } from "./foreign-data.ts";
export { migrate, type MigrateOptions } from "./migrate.ts";
export { now } from "./now.ts";
export { toSql } from "./values.ts";

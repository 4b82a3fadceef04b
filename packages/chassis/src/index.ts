export type {
  Chassis,
  RunningParts,
  ServiceDeps,
  ServiceRooms,
  ServiceSettings,
  StartedService,
} from "./definition.ts";
export {
  type ConfiguredService,
  type ServiceProgram,
  type StartedProgram,
  configure,
  defineService,
} from "./program.ts";
export { migrationsOf } from "./migrations.ts";
export { type AsOf, type Position, presentPosition, readPosition } from "./rebuild/position-rows.ts";
export { startPositions } from "./rebuild/positions.ts";
export { serveRebuild } from "./rebuild/routes.ts";
export { runService } from "./run.ts";
export { startService } from "./start.ts";

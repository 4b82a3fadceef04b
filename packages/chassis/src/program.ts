import { type Environment, type baseConfig, parseConfig } from "@crossline/service";
import type { z } from "zod";
import type { ServiceDefinition, ServiceDeps, ServiceSettings, StartedService } from "./definition.ts";
import { startService } from "./start.ts";

export type BaseShape = ReturnType<typeof baseConfig>;

type BaseConfig = z.output<z.ZodObject<BaseShape>>;

/**
 * A service definition with its configuration and migrations. The service can have its own process, or share a process with other
 * services.
 */
export type ServiceProgram<
  Shape extends BaseShape,
  Settings extends object = object,
  Handles extends object = object,
> = ServiceDefinition<Settings, Handles> & {
  readonly config: z.ZodObject<Shape>;
  /** Returns the service's own settings. The chassis adds the settings that every service has. */
  readonly settings: (config: z.output<z.ZodObject<Shape>>) => Settings;
  /** The folders of the schema's migrations, in the order in which they are applied. */
  readonly migrations: readonly string[];
  /** The maximum number of connections to PostgreSQL in one process, 10 by default. */
  readonly poolMax?: number;
  /**
   * If true, the service's own process runs at a lower priority. Use this option for a service whose work can wait some
   * milliseconds.
   */
  readonly background?: true;
};

/** The result of `startService` for a program. */
export type StartedProgram<Program> =
  Program extends ServiceDefinition<never, infer Handles> ? StartedService & Handles : never;

/** Returns the program unchanged. TypeScript infers the types of the program's settings and handles. */
export function defineService<Shape extends BaseShape, Settings extends object, Handles extends object = object>(
  program: ServiceProgram<Shape, Settings, Handles>,
): ServiceProgram<Shape, Settings, Handles> {
  return program;
}

/** A service with its configuration. `start` starts the service on the given connections. */
export type ConfiguredService = {
  readonly config: BaseConfig;
  readonly start: (connections: Omit<ServiceDeps<object>, "settings" | "http">) => Promise<StartedService>;
};

/** Reads a service's configuration. `faults` has one sentence for each variable that is missing or wrong. */
export function configure<Shape extends BaseShape, Settings extends object, Handles extends object>(
  program: ServiceProgram<Shape, Settings, Handles>,
  environment: Environment,
): ConfiguredService | { readonly faults: readonly string[] } {
  const read = parseConfig(program.config, environment);
  if ("faults" in read) return read;
  // The compiler cannot infer that the parsed configuration has the variables of `BaseConfig`.
  const config = read.config as BaseConfig;
  const settings: ServiceSettings<Settings> = {
    ...program.settings(read.config),
    internalKey: config.INTERNAL_KEY,
    partitions: config.PARTITIONS,
    commit: config.GIT_COMMIT,
  };
  const http = { host: config.HOST, port: config.PORT };
  return { config, start: (connections) => startService(program, { ...connections, settings, http }) };
}

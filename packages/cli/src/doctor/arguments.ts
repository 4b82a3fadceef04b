import type { Command } from "commander";
import { type ApiOptions, addApiOptions } from "../arguments.ts";

/** Adds the verb `doctor`. */
export function addDoctor(program: Command): void {
  const verb = program
    .command("doctor")
    .summary("check this machine, the services and the keys, and say what to do")
    .description(
      "Checks Node, the file .env, PostgreSQL, Kafka and its rights, the services, the keys and the backlog. Each row says what to do.\nThe verb exits with 1 if a check finds a fault.",
    );
  addApiOptions(verb).action(async (options: ApiOptions) => {
    process.exitCode = await (await import("../verbs/doctor.ts")).runDoctor(options);
  });
}

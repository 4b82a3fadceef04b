import { Argument, type Command } from "commander";
import { print } from "../print.ts";
import { describeVerb } from "./describe.ts";
import { type Shell, completionScript, shells } from "./scripts.ts";

/** Adds the verb `completion`. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .summary("print the script with which a shell completes verbs and options")
    .description(
      "Prints the script with which a shell completes verbs, options and values.\nFor bash: source <(crossline completion bash)",
    )
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .action((shell: Shell) => print(completionScript(shell, describeVerb(program)).trimEnd()));
}

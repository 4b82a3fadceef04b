import type { Argument, Command, HelpConfiguration } from "commander";

/**
 * The layout of `--help`, which lists all verbs in full, including the verbs of a group, for example
 * `line check <file...>`.
 */
export const helpConfiguration: HelpConfiguration = {
  showGlobalOptions: true,
  styleTitle: (title) => title.replace("Commands:", "Verbs:"),
  visibleCommands: ({ commands }) => commands.flatMap(verbsIn),
  subcommandTerm: termOf,
};

function verbsIn(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(verbsIn);
}

function termOf(verb: Command): string {
  const names = verb.parent?.parent ? [verb.parent.name(), verb.name()] : [verb.name()];
  return [...names, ...verb.registeredArguments.map(formatArgument)].join(" ");
}

function formatArgument(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

import type { Argument, Command, Option } from "commander";

/** An argument of a verb. */
type ArgumentDescription = {
  readonly term: string;
  readonly meaning: string;
  readonly values: readonly string[];
};

/** An option of a verb. `names` has all spellings, such as `-h` and `--help`. */
type OptionDescription = ArgumentDescription & {
  readonly names: readonly string[];
  readonly takesValue: boolean;
};

/** A verb or a group of verbs. The path of the whole command is empty. */
export type VerbDescription = {
  readonly path: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly verbs: readonly VerbDescription[];
  readonly arguments: readonly ArgumentDescription[];
  readonly options: readonly OptionDescription[];
};

/** Describes a command and all its verbs from their definitions, for the completion of shells and for the documentation. */
export function describeVerb(command: Command, path: readonly string[] = []): VerbDescription {
  return {
    path,
    summary: command.summary() || command.description(),
    description: command.description(),
    verbs: command.commands.map((verb) => describeVerb(verb, [...path, verb.name()])),
    arguments: command.registeredArguments.map(describeArgument),
    options: command.options.map(describeOption),
  };
}

/** Returns a verb and all verbs below it. */
export function flatten(verb: VerbDescription): readonly VerbDescription[] {
  return [verb, ...verb.verbs.flatMap(flatten)];
}

function describeArgument(argument: Argument): ArgumentDescription {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return {
    term: argument.required ? `<${name}>` : `[${name}]`,
    meaning: argument.description,
    values: argument.argChoices ?? [],
  };
}

function describeOption(option: Option): OptionDescription {
  const standard = option.negate ? undefined : (option.defaultValue as string | number | undefined);
  const shown = standard === undefined ? "" : ` (default: ${standard})`;
  return {
    term: option.flags,
    meaning: `${option.description}${shown}`,
    values: option.argChoices ?? [],
    names: [option.short, option.long].flatMap((name) => name ?? []),
    takesValue: option.required || option.optional,
  };
}

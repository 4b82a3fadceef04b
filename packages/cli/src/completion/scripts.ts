import { type VerbDescription, flatten } from "./describe.ts";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** Returns the script with which a shell completes the verbs, options and values of the command. */
export function completionScript(shell: Shell, command: VerbDescription): string {
  if (shell === "fish") return fishScript(command);
  // zsh runs the completion of bash through its own adapter.
  return shell === "zsh" ? `autoload -U +X bashcompinit && bashcompinit\n${bashScript(command)}` : bashScript(command);
}

const help = ["--help", "-h"];

function bashScript(command: VerbDescription): string {
  const all = flatten(command);
  const valued = all.flatMap((verb) =>
    verb.options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, values }) => {
        const places = names.map((name) => `'${pathOf(verb)} ${name}'`).join("|");
        return `    ${places}) words='${values.join(" ")}' ;;`;
      }),
  );
  const plain = all.map((verb) => `      '${pathOf(verb)}') words='${wordsOf(verb).join(" ")}' ;;`);
  return `_crossline() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='' words='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$path/\${COMP_WORDS[index]}" in
      ${knownPaths(all).join("|")}) path="$path/\${COMP_WORDS[index]}" ;;
    esac
  done
  case "$path $previous" in
${valued.join("\n")}
    *) case "$path" in
${plain.join("\n")}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _crossline crossline
`;
}

function fishScript(command: VerbDescription): string {
  const all = flatten(command);
  const rows = all.flatMap((verb) => {
    const start = `complete -c crossline -n "__crossline_at '${pathOf(verb)}'"`;
    const values = verb.arguments.flatMap((argument) => argument.values);
    return [
      ...verb.verbs.map(({ path, summary }) => `${start} -f -a ${path.at(-1)} -d ${quote(summary)}`),
      ...(values.length === 0 ? [] : [`${start} -f -a ${quote(values.join(" "))}`]),
      ...verb.options.map(({ names, takesValue, values: choices, meaning }) => {
        const name = names.map((one) => (one.startsWith("--") ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`)).join(" ");
        const value = choices.length > 0 ? ` -x -a ${quote(choices.join(" "))}` : takesValue ? " -r" : "";
        return `${start} ${name}${value} -d ${quote(meaning)}`;
      }),
    ];
  });
  return `function __crossline_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    switch "$path/$word"
      case ${knownPaths(all).join(" ")}
        set path "$path/$word"
    end
  end
  test "$path" = "$argv[1]"
end
${rows.join("\n")}
`;
}

function pathOf({ path }: VerbDescription): string {
  return path.map((name) => `/${name}`).join("");
}

function knownPaths(all: readonly VerbDescription[]): string[] {
  return all.map(pathOf).filter((path) => path !== "");
}

/** Returns the words that can follow: verbs, values of arguments, and options. */
function wordsOf({ verbs, arguments: given, options }: VerbDescription): string[] {
  const names = verbs.map(({ path }) => path.at(-1) ?? "");
  return [...names, ...given.flatMap(({ values }) => values), ...options.flatMap((option) => option.names), ...help];
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}

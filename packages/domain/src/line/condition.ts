import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";

/**
 * The fields of a case that a condition can read. The value of an unknown field is the empty text, but an unknown need-by is
 * absent.
 */
export type CaseFacts = {
  readonly kind: string;
  readonly severity: string;
  readonly channel: string;
  readonly title: string;
  readonly carrier: string;
  readonly symptom?: string | undefined;
  readonly needBy?: string | undefined;
  readonly device?:
    | { readonly vendor?: string | undefined; readonly model?: string | undefined; readonly os?: string | undefined }
    | undefined;
};

/** The result of a condition for a case; `failed` is the reason why the evaluation failed. */
type ConditionResult = { readonly holds: boolean; readonly failed?: string };
export type Condition = (facts: CaseFacts) => ConditionResult;

const patternMax = 200;
const allowedFunctions = new Set([
  "has",
  "like",
  "startsWith",
  "endsWith",
  "contains",
  "lowerAscii",
  "upperAscii",
  "size",
]);

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  limits: { maxAstNodes: 200, maxDepth: 20, maxListElements: 50, maxMapEntries: 0, maxCallArguments: 2 },
})
  .registerType("Device", { fields: { vendor: "string", model: "string", os: "string" } })
  .registerType("Case", {
    fields: {
      kind: "string",
      severity: "string",
      channel: "string",
      title: "string",
      carrier: "string",
      symptom: "string",
      needBy: "string",
      device: "Device",
    },
  })
  .registerVariable("case", "Case")
  .registerFunction("string.like(string): bool", (text: string, pattern: string) =>
    RE2JS.compile(pattern).matcher(text).find(),
  );

/**
 * Compiles a condition: CEL over `case`, type-checked, with a Boolean result. Neither the compilation nor the condition throws.
 * If the evaluation fails, the condition does not hold, and the result names the reason.
 */
export function readCondition(
  text: string,
): { readonly ok: true; readonly condition: Condition } | { readonly ok: false; readonly message: string } {
  try {
    const parsed = environment.parse(text);
    const fault = nodeFault(parsed.ast);
    if (fault !== undefined) return { ok: false, message: fault };
    const { valid, type, error } = parsed.check();
    if (!valid) return { ok: false, message: summary(error) };
    if (type !== "bool") return { ok: false, message: `must evaluate to true or false, not to ${type ?? "unknown"}` };
    return { ok: true, condition: (facts) => evaluate(parsed, facts) };
  } catch (error) {
    return { ok: false, message: summary(error) };
  }
}

function evaluate(parsed: (context: Record<string, unknown>) => unknown, facts: CaseFacts): ConditionResult {
  const { device = {}, symptom = "", needBy, kind, severity, channel, title, carrier } = facts;
  const { vendor = "", model = "", os = "" } = device;
  const fields = { kind, severity, channel, title, carrier, symptom, device: { vendor, model, os } };
  try {
    return { holds: parsed({ case: needBy === undefined ? fields : { ...fields, needBy } }) === true };
  } catch (error) {
    return { holds: false, failed: summary(error) };
  }
}

/**
 * Returns the reason why a node of a parsed condition is refused; undefined if the node is allowed. `matches` is refused
 * because it can backtrack, and a loop is refused because even a short loop can take much time.
 */
function nodeFault(node: ASTNode): string | undefined {
  if (node.op === "call" || node.op === "rcall") {
    const [name] = node.args;
    const callArguments: readonly ASTNode[] = node.op === "call" ? node.args[1] : node.args[2];
    if (name === "matches") return "matches is not available; write like, for example case.title.like('^SIM')";
    if (!allowedFunctions.has(name))
      return `${name} is not available; the functions are ${[...allowedFunctions].join(", ")}`;
    if (name === "has" && !isNeedBy(callArguments[0]))
      return 'has is only for case.needBy; compare another field with ""';
    if (name === "like") {
      const fault = patternFault(callArguments[0]);
      if (fault !== undefined) return fault;
    }
  }
  for (const inner of nodesIn(node.args)) {
    const fault = nodeFault(inner);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function patternFault(pattern: ASTNode | undefined): string | undefined {
  if (pattern?.op !== "value" || typeof pattern.args !== "string") return "like needs a pattern in quotes";
  if (pattern.args.length > patternMax) return `a pattern has at most ${patternMax} characters`;
  try {
    RE2JS.compile(pattern.args);
    return undefined;
  } catch (error) {
    return summary(error);
  }
}

function isNeedBy(node: ASTNode | undefined): boolean {
  return node?.op === "." && node.args[1] === "needBy" && node.args[0].op === "id" && node.args[0].args === "case";
}

function* nodesIn(value: unknown): Iterable<ASTNode> {
  if (Array.isArray(value)) for (const inner of value) yield* nodesIn(inner);
  else if (typeof value === "object" && value !== null && "op" in value) yield value as ASTNode;
}

function summary(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "cannot be read") : "cannot be read";
}

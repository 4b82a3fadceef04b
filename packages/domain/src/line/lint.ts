import { type LineDocument, type ProblemField, lineDocument } from "@crossline/contracts";
import { kindRules } from "../clock/kinds/all.ts";
import { faultOfAddress } from "../dialling/dialling.ts";
import { readCondition } from "./condition.ts";
import { pointer } from "./pointer.ts";
import { textFaults } from "./texts.ts";

const faultsMax = 50;

/**
 * Checks a submitted line: first the form, then the other rules. Returns the document, or every fault with its place as a JSON
 * Pointer. A line without faults can be published.
 */
export function lintLineDocument(
  written: unknown,
):
  | { readonly ok: true; readonly document: LineDocument }
  | { readonly ok: false; readonly faults: readonly ProblemField[] } {
  const version = schemaFault(written);
  if (version !== undefined) return { ok: false, faults: [version] };
  const read = lineDocument.safeParse(written);
  if (!read.success) {
    return { ok: false, faults: read.error.issues.flatMap((issue) => formFaults(issue, [])).slice(0, faultsMax) };
  }
  const faults = [
    ...textFaults(read.data),
    ...matchFaults(read.data),
    ...clockFaults(read.data),
    ...pauseFaults(read.data),
    ...crossingFaults(read.data),
    ...addressFaults(read.data),
    ...duplicateFaults(read.data),
  ];
  return faults.length === 0 ? { ok: true, document: read.data } : { ok: false, faults };
}

type Issue = NonNullable<ReturnType<typeof lineDocument.safeParse>["error"]>["issues"][number];

/**
 * Converts an issue of the schema into faults. Each fault names the place to fix: the unknown key itself, or a place in the
 * intended form of a union.
 */
export function formFaults(issue: Issue, above: readonly PropertyKey[]): ProblemField[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ at: pointer([...path, key]), message: "is not a known key; remove it" }));
    case "invalid_union": {
      // The author most likely meant the form whose faults are deepest in the document.
      const depth = (branch: readonly Issue[]): number => Math.max(...branch.map((inner) => inner.path.length));
      const [meant] = issue.errors.filter(({ length }) => length > 0).toSorted((a, b) => depth(b) - depth(a));
      return (meant ?? []).flatMap((inner) => formFaults(inner, path));
    }
    default: {
      const missing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
      return [{ at: pointer(path), message: missing ? "is missing" : issue.message }];
    }
  }
}

/**
 * Checks the version of the document format. This version of Crossline cannot read a later format correctly. One fault about
 * the version is more useful than fifty faults about keys.
 */
function schemaFault(written: unknown): ProblemField | undefined {
  if (typeof written !== "object" || written === null || !("schema" in written)) return undefined;
  const { schema } = written;
  if (schema === undefined || schema === 1) return undefined;
  return {
    at: "/schema",
    message: "is not a known version: this installation reads version 1, and this line needs a later release",
  };
}

function* matchFaults({ match: text }: LineDocument): Iterable<ProblemField> {
  if (text === undefined) return;
  const read = readCondition(text);
  if (!read.ok) yield { at: "/match", message: read.message };
}

function* pauseFaults({ clocks: written }: LineDocument): Iterable<ProblemField> {
  for (const [index, { kind, pausedWhile }] of written.entries()) {
    if (pausedWhile !== undefined && kindRules[kind].pausedWhile === "never") {
      yield {
        at: `/clocks/${index}/pausedWhile`,
        message: `a clock of the kind ${kind} is never paused; remove pausedWhile`,
      };
    }
  }
}

function* duplicateFaults({ triggers = [], crossing: steps }: LineDocument): Iterable<ProblemField> {
  const seen = new Set<string>();
  const firstOfSkill = triggers.findIndex(({ on }) => on === "skill.missing");
  for (const [index, trigger] of triggers.entries()) {
    if (trigger.on === "skill.missing" && index > firstOfSkill)
      yield { at: `/triggers/${index}`, message: "is a second trigger skill.missing; a line has one level" };
    const text = JSON.stringify(trigger);
    if (seen.has(text)) yield { at: `/triggers/${index}`, message: "is a duplicate of an earlier trigger; remove it" };
    seen.add(text);
  }
  for (const [index, step] of steps.entries()) {
    if (index > 0 && JSON.stringify(step) === JSON.stringify(steps[index - 1])) {
      yield {
        at: `/crossing/${index}`,
        message: "is the same as the previous step; use `repeat` in the previous step",
      };
    }
  }
}

function* clockFaults(document: LineDocument): Iterable<ProblemField> {
  const names = new Set<string>();
  for (const [index, clock] of document.clocks.entries()) {
    const name = clock.name ?? clock.kind;
    if (names.has(name)) {
      yield {
        at: `/clocks/${index}`,
        message: `is a second clock with the name ${name}; give one of them another name`,
      };
    }
    names.add(name);
    const { isNeverNamed = false, target, hasLiveTarget = false, implied } = kindRules[clock.kind];
    if (isNeverNamed) {
      yield {
        at: `/clocks/${index}/kind`,
        message: "the last resort has its own intervals (1, 2, 4 … 60 min); remove this clock",
      };
    }
    const isOfItsOwn = target === "own" && !isNeverNamed;
    if (clock.target === undefined && !isOfItsOwn) yield { at: `/clocks/${index}/target`, message: "is missing" };
    if (clock.target !== undefined && isOfItsOwn)
      yield {
        at: `/clocks/${index}/target`,
        message: `a clock of the kind ${clock.kind} has its own target; remove the target`,
      };
    if (implied?.where?.(document) === false)
      yield {
        at: `/clocks/${index}`,
        message: "a need-by clock needs the plan `needBy`, which contains the time of a fix",
      };
    if (!hasLiveTarget && typeof clock.target === "object" && clock.target.live !== undefined) {
      yield {
        at: `/clocks/${index}/target/live`,
        message: "only first-response has a target for a live customer",
      };
    }
  }
}

function* crossingFaults(document: LineDocument): Iterable<ProblemField> {
  if (document.mode === "observe") {
    if (document.crossing.length > 0)
      yield { at: "/crossing", message: "the cases of an observing line do not cross; remove the steps" };
    if (document.lastResort.length > 0)
      yield { at: "/lastResort", message: "an observing line calls no last resort; remove the addresses" };
    if (document.incidents !== undefined)
      yield { at: "/incidents", message: "the lead of an incident crosses, but the cases of an observing line do not" };
    return;
  }
  if (document.crossing.length === 0) yield { at: "/crossing", message: "a line that crosses needs at least one step" };
  if (document.lastResort.length === 0) {
    yield { at: "/lastResort", message: "needs at least one address, which Crossline calls after the last step" };
  }
}

function* addressFaults({ lastResort }: LineDocument): Iterable<ProblemField> {
  for (const [index, to] of lastResort.entries()) {
    const message = to.startsWith("roster:") ? undefined : faultOfAddress(to);
    if (message !== undefined) yield { at: `/lastResort/${index}`, message };
  }
}

import { type LineDocument, type ProblemField, lineDocument } from "@crossline/contracts";

const faultsMax = 50;

/**
 * Checks a line as it was written: its form first, then what needs more than one field. Returns the document, or every
 * fault with its place as a JSON Pointer. A line without faults can be published.
 */
export function lint(
  written: unknown,
):
  | { readonly ok: true; readonly document: LineDocument }
  | { readonly ok: false; readonly faults: readonly ProblemField[] } {
  const read = lineDocument.safeParse(written);
  if (!read.success) {
    return { ok: false, faults: read.error.issues.flatMap((issue) => misfits(issue, [])).slice(0, faultsMax) };
  }
  const faults = [...clocks(read.data), ...crossing(read.data)];
  return faults.length === 0 ? { ok: true, document: read.data } : { ok: false, faults };
}

type Issue = NonNullable<ReturnType<typeof lineDocument.safeParse>["error"]>["issues"][number];

/** One fault of form, at the place that is to be mended: an unknown key itself, and within a union the form that was meant. */
export function misfits(issue: Issue, above: readonly PropertyKey[]): ProblemField[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ at: pointer([...path, key]), message: "is not known here; leave it out" }));
    case "invalid_union": {
      // The form that was meant is most likely the one that got furthest.
      const depth = (branch: readonly Issue[]): number => Math.max(...branch.map((inner) => inner.path.length));
      const [meant] = issue.errors.filter(({ length }) => length > 0).toSorted((a, b) => depth(b) - depth(a));
      return (meant ?? []).flatMap((inner) => misfits(inner, path));
    }
    default: {
      const missing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
      return [{ at: pointer(path), message: missing ? "is missing" : issue.message }];
    }
  }
}

function* clocks(document: LineDocument): Iterable<ProblemField> {
  const names = new Set<string>();
  for (const [index, clock] of document.clocks.entries()) {
    const name = clock.name ?? clock.kind;
    if (names.has(name)) {
      yield { at: `/clocks/${index}`, message: `a second clock named ${name}; give one of them another name` };
    }
    names.add(name);
    if (clock.kind === "last-resort") {
      yield {
        at: `/clocks/${index}/kind`,
        message: "the last resort has its own rhythm (1, 2, 4 … 60 min); leave it out",
      };
    }
    if (clock.kind !== "first-response" && typeof clock.target === "object" && clock.target.live !== undefined) {
      yield {
        at: `/clocks/${index}/target/live`,
        message: "only first-response has a target for a customer on the line",
      };
    }
  }
}

function* crossing(document: LineDocument): Iterable<ProblemField> {
  if (document.mode === "observe") {
    if (document.crossing.length > 0)
      yield { at: "/crossing", message: "a line that observes crosses nothing; leave it out" };
    if (document.lastResort.length > 0)
      yield { at: "/lastResort", message: "a line that observes calls nobody; leave it out" };
    return;
  }
  if (document.crossing.length === 0) yield { at: "/crossing", message: "a line that crosses needs at least one step" };
  if (document.lastResort.length === 0) {
    yield { at: "/lastResort", message: "needs at least one address: the end of a line is not silence" };
  }
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

import type { Channel, Device } from "@crossline/contracts";
import type { ProblemScope } from "./problem.ts";

/** The part of a case that a scope selects by. `missing` has the required items that the case lacks. */
export type ScopedCase = {
  readonly kind: string;
  readonly channel: Channel;
  readonly symptom?: string | undefined;
  readonly device?: Device | undefined;
  readonly missing: readonly string[];
};

/** Returns true if a scope selects a case. The scope `cases` selects no case, because a person links its cases. */
export function isInScope(scope: ProblemScope, { kind, channel, symptom, device, missing }: ScopedCase): boolean {
  switch (scope.is) {
    case "missing-item":
      return scope.kind === kind && scope.channel === channel && missing.includes(scope.item);
    case "symptom":
      return (
        scope.symptom === symptom &&
        (scope.vendor === undefined || scope.vendor === device?.vendor) &&
        (scope.model === undefined || scope.model === device?.model)
      );
    case "cases":
      return false;
  }
}

/** Returns the text that only one open problem of a carrier and a timeline can have; undefined for the scope `cases`. */
export function scopeKey(scope: ProblemScope): string | undefined {
  switch (scope.is) {
    case "missing-item":
      return [scope.is, scope.kind, scope.channel, scope.item].join("\n");
    case "symptom":
      return [scope.is, scope.symptom, scope.vendor ?? "", scope.model ?? ""].join("\n");
    case "cases":
      return undefined;
  }
}

/** Returns the keys of all scopes that select a case. With these keys, intake finds the problems of a case by an index. */
export function keysOfCase(scoped: ScopedCase): readonly string[] {
  const { kind, channel, symptom, device: { vendor, model } = {}, missing } = scoped;
  const items = missing.map((item): ProblemScope => ({ is: "missing-item", kind, channel, item }));
  const vendors = vendor === undefined ? [{}] : [{}, { vendor }];
  const models = model === undefined ? [{}] : [{}, { model }];
  const symptoms =
    symptom === undefined
      ? []
      : vendors.flatMap((ofVendor) =>
          models.map((ofModel): ProblemScope => ({ is: "symptom", symptom, ...ofVendor, ...ofModel })),
        );
  return [...items, ...symptoms].flatMap((scope) => scopeKey(scope) ?? []);
}

/** The fields of a scope, all optional. */
type ScopeFields = {
  readonly kind?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly item?: string | undefined;
  readonly symptom?: string | undefined;
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
};

/** Returns the fields of a scope that events and responses contain. */
export function scopeFields(scope: ProblemScope): ScopeFields {
  const { is: _, ...fields } = scope;
  return fields;
}

/** Returns the scope that a request describes. */
export function scopeOfFields(fields: ScopeFields): ProblemScope {
  const { kind, channel, item, symptom, vendor, model } = fields;
  if (kind !== undefined && channel !== undefined && item !== undefined)
    return { is: "missing-item", kind, channel, item };
  if (symptom === undefined) return { is: "cases" };
  return {
    is: "symptom",
    symptom,
    ...(vendor !== undefined && { vendor }),
    ...(model !== undefined && { model }),
  };
}

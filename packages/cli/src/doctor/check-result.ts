/** The result of one check. A warning or a fault says what to do. */
export type CheckResult = {
  readonly check: string;
  readonly state: "ok" | "warning" | "fault";
  readonly found: string;
  readonly remedy?: string;
};

/** Returns the result of a successful check. */
export function ok(check: string, found: string): CheckResult {
  return { check, state: "ok", found };
}

/** Returns the result of a state that may become a fault, or that the doctor could not check. */
export function warning(check: string, found: string, remedy: string): CheckResult {
  return { check, state: "warning", found, remedy };
}

/** Returns the result of a fault. */
export function fault(check: string, found: string, remedy: string): CheckResult {
  return { check, state: "fault", found, remedy };
}

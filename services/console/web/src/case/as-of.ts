import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { iso, msOf } from "./instants.ts";

/** The past instant that the screen shows. `at` is undefined while the screen shows now. */
export type AsOf = {
  readonly at: string | undefined;
  /** Shows another instant. Undefined shows now. */
  readonly show: (instant: number | undefined) => void;
};

const settledAfterMs = 120;

/** Returns the past instant in the address of the screen, and the function that changes it. */
export function useAsOf(): AsOf {
  const { at } = useSearch({ from: "/signed-in/app/cases/$caseId" });
  const navigate = useNavigate({ from: "/app/cases/$caseId" });
  return {
    at: at === undefined ? undefined : iso(msOf(at)),
    show: (instant) =>
      void navigate({
        search: ({ timeline }) => ({
          ...(timeline !== undefined && { timeline }),
          ...(instant !== undefined && { at: iso(instant) }),
        }),
        replace: true,
        resetScroll: false,
      }),
  };
}

/** Returns a value after it has not changed for a moment, so that a slider that moves does not send a request for each place. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timeout = window.setTimeout(() => setSettled(value), settledAfterMs);
    return () => window.clearTimeout(timeout);
  }, [value]);
  return settled;
}

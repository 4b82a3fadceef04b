import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../api/use-command.ts";
import { send } from "../api/send.ts";
import { operationsQuery } from "./queries.ts";
import type { StuckThing } from "./services.ts";

/** A replay that the operator requested, with the state of the thing before. */
type RequestedReplay = { readonly thing: StuckThing; readonly attempts: number };

/** A replay and its result as far as the services show it. */
export type ReplayResult = {
  readonly thing: StuckThing;
  readonly result: "requested" | "done" | "failed again";
};

type Replays = {
  readonly results: readonly ReplayResult[];
  readonly fault: unknown;
  readonly replay: (thing: StuckThing) => void;
};

/** Requests replays, and follows each until the service has tried again. `present` has the parked cases and dead letters now. */
export function useReplays(present: readonly StuckThing[]): Replays {
  const client = useQueryClient();
  const [requested, setRequested] = useState<readonly RequestedReplay[]>([]);
  const command = useCommand(
    ({ replayPath }: StuckThing, key) => send("POST", replayPath, { body: {}, key }),
    async (_, thing) => {
      const others = requested.filter((one) => one.thing.id !== thing.id);
      setRequested([{ thing, attempts: thing.parked?.attempts ?? 0 }, ...others]);
      await client.invalidateQueries({ queryKey: operationsQuery.queryKey });
    },
  );
  return {
    results: requested.map((one) => resultOf(one, present)),
    fault: command.error,
    replay: (thing) => command.mutate(thing),
  };
}

function resultOf({ thing, attempts }: RequestedReplay, present: readonly StuckThing[]): ReplayResult {
  const now = present.find(({ id }) => id === thing.id);
  if (now === undefined) return { thing, result: "done" };
  return { thing: now, result: (now.parked?.attempts ?? 0) > attempts ? "failed again" : "requested" };
}

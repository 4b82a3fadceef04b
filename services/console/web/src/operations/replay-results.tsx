import type { RefObject } from "react";
import { ProblemNote } from "../ui/problem-note.tsx";
import type { StuckThing } from "./services.ts";
import type { ReplayResult } from "./use-replays.ts";

type ReplayResultsProps = {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly results: readonly ReplayResult[];
  readonly fault: unknown;
};

/** Says after each replay whether the thing is gone, or whether the service failed again. */
export function ReplayResults({ ref, results, fault }: ReplayResultsProps) {
  return (
    <div ref={ref} tabIndex={-1} role="status" className="replay-results">
      <ProblemNote fault={fault} />
      {results.map(({ thing, result }) => (
        <p key={thing.id}>
          <span className={result === "done" ? "chip good" : result === "requested" ? "chip" : "chip bad"}>
            {result === "done" ? goneText(thing) : result === "requested" ? "… replay requested" : "✕ failed again"}
          </span>{" "}
          {thing.service} <code>{thing.name}</code>
          {result === "failed again" && `: ${thing.reason}`}
        </p>
      ))}
    </div>
  );
}

/** A record can also leave the parked ones as a dead letter, which the list of dead letters then shows. */
function goneText({ parked }: StuckThing): string {
  return parked === undefined ? "✓ no longer a dead letter" : "✓ no longer parked";
}

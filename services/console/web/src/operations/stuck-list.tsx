import type { ComponentProps } from "react";
import { useSteadyRows } from "../live/steady-rows.ts";
import { Instant } from "../time/instant.tsx";
import type { StuckThing } from "./services.ts";

type StuckListProps = {
  readonly things: readonly StuckThing[];
  /** True while a mouse is over a list. Its rows then keep their places. */
  readonly isHeld: boolean;
  readonly hold: ComponentProps<"div">;
  readonly now: number;
  readonly empty: string;
  readonly onReplay: (thing: StuckThing) => void;
};

/** Lists parked cases or dead letters with their reasons, each with a button that lets its service try again. */
export function StuckList({ things, isHeld, hold, now, empty, onReplay }: StuckListProps) {
  const { shown, waiting } = useSteadyRows(things, isHeld);
  if (shown.length === 0 && waiting === 0) return <p className="empty">{empty}</p>;
  return (
    <div {...hold}>
      <ol className="stuck">
        {shown.map(({ row: thing, isGone }) => (
          <li key={thing.id} data-row={thing.id}>
            <div>
              <strong>{thing.service}</strong> <code>{thing.name}</code>
              <p className="reason">{thing.reason}</p>
              <p className="muted">
                {thing.topic} · since <Instant at={thing.at} now={now} named />
                {thing.parked &&
                  ` · failed attempts: ${thing.parked.attempts} · waiting records: ${thing.parked.waiting}`}
              </p>
            </div>
            {isGone ? (
              <span className="chip">no longer here</span>
            ) : (
              <button
                type="button"
                data-row-link=""
                aria-label={`Replay ${thing.name} in ${thing.service}`}
                onClick={() => onReplay(thing)}
              >
                Replay
              </button>
            )}
          </li>
        ))}
      </ol>
      {waiting > 0 && (
        <p className="chip warn">
          ▲ {waiting} new, press <kbd>n</kbd>
        </p>
      )}
    </div>
  );
}

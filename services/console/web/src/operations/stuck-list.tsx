import { Instant } from "../time/instant.tsx";
import type { StuckThing } from "./services.ts";

type StuckListProps = {
  readonly things: readonly StuckThing[];
  readonly now: number;
  readonly empty: string;
  readonly onReplay: (thing: StuckThing) => void;
};

/** Lists parked cases or dead letters with their reasons, each with a button that lets its service try again. */
export function StuckList({ things, now, empty, onReplay }: StuckListProps) {
  if (things.length === 0) return <p className="empty">{empty}</p>;
  return (
    <ol className="stuck">
      {things.map((thing) => (
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
          <button
            type="button"
            data-row-link=""
            aria-label={`Replay ${thing.name} in ${thing.service}`}
            onClick={() => onReplay(thing)}
          >
            Replay
          </button>
        </li>
      ))}
    </ol>
  );
}

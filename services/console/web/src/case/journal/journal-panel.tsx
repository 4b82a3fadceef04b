import { Fragment, useState } from "react";
import { dateOf, dayText, timeOfDay } from "../../time/format.ts";
import { Instant } from "../../time/instant.tsx";
import { CasePanel } from "../case-panel.tsx";
import { msOf } from "../instants.ts";
import { useCase } from "../use-case.ts";
import { type JournalFilter, type JournalRow, journalFilters, journalRows, wordsOf } from "./journal-rows.ts";
import { useJournal } from "./use-journal.ts";

/** Shows every fact of the case that the company may read, the oldest first. New facts appear at the end. */
export function JournalPanel() {
  const { shown, zone, asOf } = useCase();
  const journal = useJournal(shown.id);
  const [filter, setFilter] = useState<JournalFilter>("all");
  return (
    <CasePanel
      title="Journal"
      query={journal}
      aside={
        <span className="actions" role="group" aria-label="Show">
          {journalFilters.map((name) => (
            <button key={name} type="button" aria-pressed={name === filter} onClick={() => setFilter(name)}>
              {name}
            </button>
          ))}
        </span>
      }
    >
      {({ items, hasMore }) => {
        const rows = journalRows(items, filter, asOf.at === undefined ? undefined : msOf(asOf.at));
        return (
          <>
            <p className="muted">
              The oldest first, new facts at the end.
              {asOf.at !== undefined && ` As of ${timeOfDay(asOf.at, zone)}; later facts are left out.`}
            </p>
            <ol className="journal">
              {rows.map((row, index) => (
                <Fragment key={row.fact.id}>
                  <DayRow at={row.fact.at} before={rows[index - 1]?.fact.at} />
                  <FactRow row={row} />
                </Fragment>
              ))}
            </ol>
            {rows.length === 0 && <p className="empty">No fact passes the filter.</p>}
            {hasMore && (
              <button type="button" aria-disabled={journal.isFetching} onClick={() => void journal.refetch()}>
                Read the next 500 facts
              </button>
            )}
          </>
        );
      }}
    </CasePanel>
  );
}

const shapes: Readonly<Record<string, string>> = { "clock.warned": "▲", "clock.breached": "✕", "handoff.offered": "⇢" };

/** Names the day above its first fact. The times of the facts have no day. */
function DayRow({ at, before }: { readonly at: string; readonly before: string | undefined }) {
  const { zone, now } = useCase();
  if (before !== undefined && dateOf(before, zone) === dateOf(at, zone)) return null;
  return <li className="day">{dayText(at, zone, now)}</li>;
}

function FactRow({ row: { fact, beats, last } }: { readonly row: JournalRow }) {
  const { zone, now } = useCase();
  const [isOpen, setIsOpen] = useState(false);
  const words = wordsOf(fact);
  return (
    <li className={fact.type === "clock.breached" ? "fact breached" : "fact"}>
      <span className="fact-time">
        <Instant at={fact.at} now={now} zone={zone} form="time" />
        {beats > 1 && (
          <>
            –<Instant at={last.at} now={now} zone={zone} form="time" />
          </>
        )}
      </span>
      <div>
        <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
          <summary>
            <span aria-hidden="true">{shapes[fact.type] ?? "·"}</span> {fact.text}
            {beats > 1 && <span className="muted"> ({beats} heartbeats)</span>}
            {fact.actor?.automated === true && fact.actor.person !== undefined && (
              <span className="muted"> by a program</span>
            )}
            {fact.actor?.proven === true && <span className="muted"> · signed in</span>}
          </summary>
          {isOpen && (
            <>
              <pre>{JSON.stringify(fact.data, undefined, 1)}</pre>
              <p className="muted">
                <code>{fact.type}</code> <code>{fact.id}</code>
              </p>
            </>
          )}
        </details>
        {words.map((text) => (
          <p key={text} className="words">
            <bdi>{text}</bdi>
          </p>
        ))}
      </div>
    </li>
  );
}

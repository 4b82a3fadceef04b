import type { ClockHistoryResponse } from "@crossline/contracts";
import { type ReactNode, useState } from "react";
import { durationText } from "../../time/format.ts";
import { Instant } from "../../time/instant.tsx";
import { clockWords } from "../../ui/clock-words.ts";
import { iso, msOf } from "../instants.ts";
import { exactText } from "../words.ts";
import { stateText } from "./describe.ts";
import type { Holding } from "./holders.ts";
import { type ClockLife, breachOf, deadlineOf, warningsOf } from "./lanes.ts";

type ClockTableProps = {
  readonly history: ClockHistoryResponse;
  readonly holders: readonly Holding[];
  readonly zone: string;
};

const rowsAtFirst = 100;

/** Shows the data of the picture as two tables: the runs of the clocks, and the holders. */
export function ClockTable({ history, holders, zone }: ClockTableProps) {
  const [isWhole, setIsWhole] = useState(false);
  const now = msOf(history.at);
  const at = (instant: string): ReactNode => <Instant at={instant} now={now} zone={zone} />;
  const lives = isWhole ? history.clocks : history.clocks.slice(-rowsAtFirst);
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a person without a pointer scrolls the table by keyboard */}
      <div className="scroll" tabIndex={0} role="region" aria-label="Table of the clocks">
        <table>
          <thead>
            <tr>
              {["Clock", "Charged", "State", "Started", "Ended", "Warnings", "Breach", "Deadline"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col" className="numeric">
                Counted
              </th>
              <th scope="col" className="numeric">
                Target
              </th>
              <th scope="col">Calendar</th>
            </tr>
          </thead>
          <tbody>
            {lives.map((life) => (
              <LifeCells key={`${life.clock} ${life.charged} ${life.incarnation}`} life={life} at={at} />
            ))}
          </tbody>
        </table>
      </div>
      {lives.length < history.clocks.length && (
        <button type="button" onClick={() => setIsWhole(true)}>
          Show all {history.clocks.length} runs
        </button>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a person without a pointer scrolls the table by keyboard */}
      <div className="scroll" tabIndex={0} role="region" aria-label="Table of the holders">
        <table className="holders">
          <caption>Holders</caption>
          <thead>
            <tr>
              <th scope="col">Company</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" className="numeric">
                Time
              </th>
            </tr>
          </thead>
          <tbody>
            {holders.map(({ holder, from, to }) => (
              <tr key={from}>
                <th scope="row">{holder}</th>
                <td>{at(iso(from))}</td>
                <td>{at(iso(to))}</td>
                <td className="numeric">{durationText(to - from)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

type LifeCellsProps = { readonly life: ClockLife; readonly at: (instant: string) => ReactNode };

function LifeCells({ life, at }: LifeCellsProps) {
  const breach = breachOf(life);
  const due = deadlineOf(life);
  return (
    <tr>
      <th scope="row">{clockWords(life.clock)}</th>
      <td>{life.charged}</td>
      <td>
        {stateText(life.state)}
        {life.provisional && " (provisional)"}
      </td>
      <td>
        {at(life.startedAt)} <span className="muted">{life.startedBy.type}</span>
      </td>
      <td>
        {life.endedAt === undefined ? "–" : at(life.endedAt)} <span className="muted">{life.endedBy?.type}</span>
      </td>
      <td>
        {warningsOf(life).map((warning) => (
          <span key={warning.percent} className="nowrap">
            {warning.percent} % {at(warning.at)}{" "}
          </span>
        ))}
      </td>
      <td>{breach === undefined ? "–" : at(breach)}</td>
      <td>{due === undefined ? "–" : at(due)}</td>
      <td className="numeric">{durationText(life.countedMs)}</td>
      <td className="numeric">{exactText(life.targetMs)}</td>
      <td>
        {life.calendar.name}@{life.calendar.version}
      </td>
    </tr>
  );
}

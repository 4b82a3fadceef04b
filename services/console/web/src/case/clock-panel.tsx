import type { ClockHistoryResponse } from "@crossline/contracts";
import { useId, useMemo, useState } from "react";
import { useShortcuts } from "../shell/shortcuts.ts";
import { dayText, instantText, timeOfDay, zoneName } from "../time/format.ts";
import { Panel } from "../ui/panel.tsx";
import { iso, msOf } from "./instants.ts";
import { useJournal } from "./journal/use-journal.ts";
import { stretchesOf } from "./picture/axis.ts";
import { ClockPicture } from "./picture/clock-picture.tsx";
import { ClockTable } from "./picture/clock-table.tsx";
import { describePicture } from "./picture/describe.ts";
import { axisInstants, eventsOf } from "./picture/events.ts";
import { holdingsOf } from "./picture/holders.ts";
import { lanesOf } from "./picture/lanes.ts";
import { Legend } from "./picture/legend.tsx";
import { InstantSlider } from "./picture/instant-slider.tsx";
import { stopsOf } from "./picture/stops.ts";
import { type CaseView, useCase } from "./use-case.ts";
import { statusText } from "./words.ts";

/** Shows every clock of the case at any instant, as a picture or as a table. */
export function ClockPanel() {
  const view = useCase();
  const [isTable, setIsTable] = useState(false);
  const toggle = (): void => setIsTable(!isTable);
  useShortcuts([{ keys: "v", text: "Show the clocks as a table or as a picture", run: toggle }]);
  return (
    <Panel
      title="Clocks"
      query={view.history}
      aside={
        <span className="actions">
          <span className="zone">Times in {zoneName(view.zone)}</span>
          <button type="button" aria-pressed={isTable} aria-keyshortcuts="v" onClick={toggle}>
            Table
          </button>
        </span>
      }
    >
      {(history) => <ClocksAt history={history} isTable={isTable} />}
    </Panel>
  );
}

type ClocksAtProps = { readonly history: ClockHistoryResponse; readonly isTable: boolean };

function ClocksAt({ history, isTable }: ClocksAtProps) {
  const view = useCase();
  const { zone, asOf, handoffs, shown } = view;
  const latest = view.latest.data ?? history;
  const { stretches, stops, events } = useAxis(view, latest);
  const id = useId();
  const at = msOf(history.at);
  const holders = useMemo(
    () =>
      holdingsOf(
        {
          carrier: shown.carrier,
          handoffs: handoffs.data?.handoffs ?? [],
          openedAt: shown.openedAt,
          endedAt: shown.endedAt,
        },
        at,
      ),
    [shown, handoffs.data, at],
  );
  const lanes = useMemo(() => lanesOf(history), [history]);
  const isPast = at < msOf(latest.at);
  const state = `${history.holder} held it · ${statusText(history.status)} · ${history.severity}`;
  return (
    <>
      <InstantSlider stops={stops} events={events} chosen={asOf.at} zone={zone} onShow={asOf.show} />
      {/* The present instant changes without an act of the person, so only a past one is said. */}
      <p id={id} className="as-of" aria-live={isPast ? "polite" : "off"}>
        <strong>As of {timeOfDay(history.at, zone)}</strong>
        {isPast
          ? ` on ${dayText(history.at, zone, msOf(latest.at))}: ${state}`
          : ` (now): ${state.replace("held it", "holds it")}`}
      </p>
      {lanes.length === 0 && <p className="empty">No clock has run on this case.</p>}
      {isTable ? (
        <ClockTable history={history} holders={holders} zone={zone} />
      ) : (
        <>
          <ClockPicture
            stretches={stretches}
            holders={holders}
            lanes={lanes}
            at={at}
            isPast={isPast}
            zone={zone}
            atText={timeOfDay(history.at, zone)}
            title={`The clocks of ${shown.carrierCaseId} as of ${timeOfDay(history.at, zone)}`}
            description={describePicture({
              lanes,
              holders,
              now: at,
              format: (instant) => instantText(iso(instant), zone, at),
            })}
          />
          <Legend />
        </>
      )}
    </>
  );
}

/** The axis belongs to the clocks as of now, so the picture stays in its place when the slider moves. */
function useAxis({ shown, handoffs, zone }: CaseView, latest: ClockHistoryResponse) {
  const journal = useJournal(shown.id);
  const facts = journal.data?.items;
  return useMemo(() => {
    const known = { history: latest, handoffs: handoffs.data, facts: facts ?? [], openedAt: shown.openedAt };
    const until = msOf(latest.at);
    const stretches = stretchesOf(axisInstants(known), until);
    const events = eventsOf(known).filter((instant) => instant <= until);
    return { stretches, events, stops: stopsOf({ stretches, events, until, zone }) };
  }, [latest, handoffs.data, facts, shown.openedAt, zone]);
}

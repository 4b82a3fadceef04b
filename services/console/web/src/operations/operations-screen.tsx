import "./operations.css";
import type { Operations } from "@crossline/contracts";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useMemo, useRef } from "react";
import { useHold } from "../live/use-hold.ts";
import type { StreamState } from "../live/use-stream.ts";
import { useMe } from "../session/session.tsx";
import { useReportStatus } from "../shell/status.ts";
import { useWallMinute } from "../time/now.ts";
import { Panel } from "../ui/panel.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { AbandonedList } from "./abandoned-list.tsx";
import { Counts } from "./counts.tsx";
import { abandonedQuery, operationsQuery } from "./queries.ts";
import { ReplayResults } from "./replay-results.tsx";
import { ServicesTable } from "./services-table.tsx";
import { type StuckThing, deadLettersIn, parkedIn } from "./services.ts";
import { StuckList } from "./stuck-list.tsx";
import { useReplays } from "./use-replays.ts";

/** Shows the operator the state of the installation, and lets services try again. */
export function OperationsScreen() {
  const { kind } = useMe();
  return (
    <>
      <h1>Operations</h1>
      {kind === "operator" ? (
        <OperatorPanels />
      ) : (
        <p className="empty">Only the operator of Crossline reads this screen.</p>
      )}
    </>
  );
}

function OperatorPanels() {
  const now = useWallMinute();
  const operations = useQuery(operationsQuery);
  const abandoned = useQuery(abandonedQuery);
  useReportStatus(useQueryState(operations));
  const rows = useRowKeys<HTMLDivElement>();
  return (
    <div ref={rows} tabIndex={-1}>
      <Panel title="Services" query={operations}>
        {(data) => (
          <>
            <ServicesTable operations={data} />
            <Counts operations={data} />
          </>
        )}
      </Panel>
      {operations.data !== undefined && <StuckPanels operations={operations.data} now={now} />}
      <Panel title="Abandoned deliveries" query={abandoned}>
        {({ items, next }) => <AbandonedList items={items} hasMore={next !== undefined} now={now} />}
      </Panel>
    </div>
  );
}

function StuckPanels({ operations, now }: { readonly operations: Operations; readonly now: number }) {
  const parked = parkedIn(operations);
  const letters = deadLettersIn(operations);
  const { results, fault, replay } = useReplays([...parked, ...letters]);
  const resultList = useRef<HTMLDivElement>(null);
  const onReplay = (thing: StuckThing): void => {
    replay(thing);
    // The row leaves the list when the service has accepted the record, and would take the focus with it.
    resultList.current?.focus();
  };
  const [isHeld, hold] = useHold();
  const list = { now, onReplay, isHeld, hold };
  return (
    <>
      <Section title="Parked cases">
        <StuckList {...list} things={parked} empty="No service has parked a case." />
      </Section>
      <Section title="Dead letters">
        <StuckList {...list} things={letters} empty="No service has a dead letter." />
      </Section>
      {/* The results are below the lists, so that they move no row. */}
      <ReplayResults ref={resultList} results={results} fault={fault} />
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
      </header>
      {children}
    </section>
  );
}

/** The screen has no stream, so the age of the last response takes its place in the top bar. */
function useQueryState({ data, error, dataUpdatedAt }: UseQueryResult<Operations>): StreamState {
  return useMemo(() => {
    if (data === undefined) return { state: "connecting" };
    return error === null ? { state: "live", at: dataUpdatedAt } : { state: "lost", since: dataUpdatedAt };
  }, [data, error, dataUpdatedAt]);
}

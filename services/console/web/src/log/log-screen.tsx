import "./log.css";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useShortcuts } from "../shell/shortcuts.ts";
import { viewerZone, zoneName } from "../time/format.ts";
import { Panel } from "../ui/panel.tsx";
import { LogFilters } from "./log-filters.tsx";
import { LogRows } from "./log-rows.tsx";
import { isFiltered, logQuery, rowsPerPage } from "./queries.ts";
import type { LogSearch } from "./search.ts";

/** Shows the action log of the company: its commands and reads. The rows are chained, and the export can be verified without a server. */
export function LogScreen() {
  const search = useSearch({ from: "/signed-in/app/log" });
  const navigate = useNavigate({ from: "/app/log" });
  const query = useQuery(logQuery(search));
  const show = (next: LogSearch): void => void navigate({ search: next });
  const { items = [], next, head } = query.data ?? {};
  const first = items[0]?.number ?? 1;
  const earlier = (): void => show({ ...search, after: Math.max(0, first - 1 - rowsPerPage) });
  const later = (): void => show({ ...search, after: next ?? 0 });
  const hasEarlier = first > 1 && !isFiltered(search);
  useShortcuts([
    ...(hasEarlier ? [{ keys: "[", text: "Earlier rows", run: earlier }] : []),
    ...(next === undefined ? [] : [{ keys: "]", text: "Later rows", run: later }]),
  ]);
  return (
    <>
      <h1>Action log</h1>
      <LogFilters key={JSON.stringify(search)} search={search} onShow={show} />
      <Panel
        title={head === undefined ? "Rows" : `Rows, of ${head.number}`}
        query={query}
        aside={
          <a href="/v1/actions/export" download>
            Export all rows
          </a>
        }
      >
        {() => (
          <>
            <p className="muted">
              Instants are in the zone {zoneName(viewerZone)}. The command <code>crossline actions verify FILE</code>{" "}
              checks an export. {head !== undefined && <>Compare its last hash with </>}
              {head !== undefined && <code>{head.hash.slice(0, 16)}…</code>}
            </p>
            <LogRows rows={items} />
            <p className="actions">
              <button type="button" disabled={!hasEarlier} onClick={earlier}>
                Earlier rows
              </button>
              <button type="button" disabled={next === undefined} onClick={later}>
                Later rows
              </button>
            </p>
          </>
        )}
      </Panel>
    </>
  );
}

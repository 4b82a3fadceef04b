import "./log.css";
import type { ActionsPage } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { countOf } from "../board/words.ts";
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
        title={titleOf(search, query.data)}
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

/** Says which rows the screen shows, and how many rows the log has. The rows that pass a filter need not follow each other. */
function titleOf(search: LogSearch, page: ActionsPage | undefined): string {
  const [first, last] = [page?.items[0], page?.items.at(-1)];
  if (page?.head === undefined || first === undefined || last === undefined) return "Rows";
  const { number: all } = page.head;
  if (isFiltered(search)) return `${countOf(page.items.length, "row")} with these filters, of ${all}`;
  return `Rows ${first.number} to ${last.number} of ${all}`;
}

import "../styles/record.css";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useLiveReads } from "../live/use-refresh.ts";
import { useMe } from "../session/session.tsx";
import { viewerZone, zoneName } from "../time/format.ts";
import { useNow } from "../time/now.ts";
import { FormCommands } from "../ui/form-commands.tsx";
import { MoreButton } from "../ui/more-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { openIncident } from "./commands.ts";
import { IncidentTable } from "./incident-table.tsx";
import { incidentsKey, incidentsQuery } from "./queries.ts";

/** Lists the incidents of a carrier. The open ones are first. */
export function IncidentsScreen() {
  const me = useMe();
  const { timeline = "wall" } = useSearch({ strict: false });
  const now = useNow(timeline);
  const open = useInfiniteQuery(incidentsQuery(timeline, "open"));
  const ended = useInfiniteQuery(incidentsQuery(timeline, "ended"));
  const client = useQueryClient();
  useLiveReads(timeline, incidentsKey);
  const lists = useRowKeys<HTMLDivElement>();
  const table = { now, own: me.party };
  return (
    <>
      <div className="screen-head">
        <h1>Incidents</h1>
        {me.scopes.includes("cases") && (
          <FormCommands
            label="Commands"
            commands={[openIncident(timeline)]}
            onSent={() => client.invalidateQueries({ queryKey: incidentsKey })}
          />
        )}
      </div>
      <p className="muted">Instants are in the zone {zoneName(viewerZone)}.</p>
      <div ref={lists} tabIndex={-1}>
        <Panel title="Open incidents" query={open}>
          {({ pages }) => {
            const incidents = pages.flatMap(({ items }) => items);
            return (
              <>
                {incidents.length === 0 ? (
                  <p className="empty">No incident is open.</p>
                ) : (
                  <IncidentTable label="Table of the open incidents" incidents={incidents} {...table} />
                )}
                <MoreButton query={open}>Show more open incidents</MoreButton>
              </>
            );
          }}
        </Panel>
        <Panel title="Ended incidents" query={ended}>
          {({ pages }) => {
            const incidents = pages.flatMap(({ items }) => items);
            return (
              <>
                {incidents.length === 0 ? (
                  <p className="empty">No incident has ended.</p>
                ) : (
                  <IncidentTable label="Table of the ended incidents" incidents={incidents} {...table} />
                )}
                <MoreButton query={ended}>Show older incidents</MoreButton>
              </>
            );
          }}
        </Panel>
      </div>
    </>
  );
}

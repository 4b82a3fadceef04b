import "../styles/record.css";
import type { PresentedChange } from "@crossline/contracts";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useLiveReads } from "../live/use-refresh.ts";
import { useMe } from "../session/session.tsx";
import { viewerZone, zoneName } from "../time/format.ts";
import { useNow } from "../time/now.ts";
import { FormCommands } from "../ui/form-commands.tsx";
import { MoreButton } from "../ui/more-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { announce } from "./announce.ts";
import { ChangeTable } from "./change-table.tsx";
import { allChangesQuery, changesKey, openReceiptsQuery } from "./queries.ts";
import { mustConfirm } from "./receipt.tsx";

/** Lists the changes that the company announced or that affect it. Changes without all receipts are first. */
export function ChangesScreen() {
  const me = useMe();
  const { timeline = "wall" } = useSearch({ strict: false });
  const now = useNow(timeline);
  const open = useQuery(openReceiptsQuery(timeline));
  const all = useInfiniteQuery(allChangesQuery(timeline));
  const client = useQueryClient();
  useLiveReads(timeline, changesKey);
  const lists = useRowKeys<HTMLDivElement>();
  const urgent = sorted(open.data?.items ?? []);
  const isUrgent = new Set(urgent.map(({ id }) => id));
  const others = (all.data?.pages ?? []).flatMap(({ items }) => items).filter(({ id }) => !isUrgent.has(id));
  const table = { now, own: me.party };
  return (
    <>
      <div className="screen-head">
        <h1>Changes</h1>
        {me.scopes.includes("cases") && (
          <FormCommands
            label="Commands"
            commands={[announce(me, timeline)]}
            onSent={() => client.invalidateQueries({ queryKey: changesKey })}
          />
        )}
      </div>
      <p className="muted">Instants are in the zone {zoneName(viewerZone)}.</p>
      <div ref={lists} tabIndex={-1}>
        <Panel title="Receipts that are open" query={open}>
          {() =>
            urgent.length === 0 ? (
              <p className="empty">Every affected company has confirmed each change.</p>
            ) : (
              <ChangeTable label="Table of the changes with open receipts" changes={urgent} {...table} />
            )
          }
        </Panel>
        <Panel title="Other changes" query={all}>
          {() => (
            <>
              {others.length === 0 ? (
                <p className="empty">There are no other changes.</p>
              ) : (
                <ChangeTable label="Table of the other changes" changes={others} {...table} />
              )}
              <MoreButton query={all}>Show older changes</MoreButton>
            </>
          )}
        </Panel>
      </div>
    </>
  );
}

/** Returns the changes that the company itself must confirm first, and of the same kind the one with the nearest deadline first. */
function sorted(changes: readonly PresentedChange[]): readonly PresentedChange[] {
  const rank = (change: PresentedChange): number => (mustConfirm(change) ? 0 : 1);
  return changes.toSorted(
    (one, other) => rank(one) - rank(other) || Date.parse(one.confirmBy) - Date.parse(other.confirmBy),
  );
}

import "./duty.css";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useHold } from "../live/use-hold.ts";
import { useRefreshOnChange } from "../live/use-refresh.ts";
import { useMe } from "../session/session.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { RebuildNote } from "../ui/rebuild-note.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { OtherWork } from "./other-work.tsx";
import { CasesPanel, PromisesPanel } from "./panels.tsx";
import { type DutyCase, breachedQuery, promisesQuery, ringingQuery, soonQuery } from "./queries.ts";
import { DutyNowOf } from "./left.tsx";
import { type Engineer, TakeDialog } from "./take-dialog.tsx";

/** Shows a duty manager which cases and promises need a person now, the most urgent first. */
export function DutyScreen() {
  const me = useMe();
  const { timeline = "wall" } = useSearch({ strict: false });
  const ringing = useQuery(ringingQuery(timeline));
  const breached = useQuery(breachedQuery(timeline));
  const soon = useQuery(soonQuery(timeline));
  const promises = useQuery(promisesQuery(timeline));
  useRefreshOnChange(timeline, ringing.data?.position, ["duty", timeline]);
  const [isHeld, hold] = useHold();
  const lists = useRowKeys<HTMLDivElement>();
  const take = useTake();
  const list = { isHeld, hold };
  return (
    <DutyNowOf timeline={timeline}>
      <h1>Duty</h1>
      <RebuildNote asOf={ringing.data?.asOf} />
      <OtherWork timeline={timeline} />
      <div ref={lists} tabIndex={-1}>
        {me.kind === "carrier" && (
          <CasesPanel
            {...list}
            title="The last resort rings now"
            empty="The last resort rings for no case."
            query={ringing}
            clockOf={(row) => ({ clock: "last-resort", at: row.resort?.nextAt ?? row.openedAt, charged: me.party })}
            action={me.scopes.includes("cases") ? take.button : undefined}
          />
        )}
        <CasesPanel
          {...list}
          title="Breached and unanswered"
          empty="No breach waits for an act."
          query={breached}
          clockOf={(row) => row.breached}
          isIn={(row) => row.resort === undefined}
        />
        <CasesPanel
          {...list}
          title="Due in the next hour"
          empty="No case is due in the next hour."
          query={soon}
          clockOf={(row) => row.due}
          isIn={(row) => row.resort === undefined}
        />
        <PromisesPanel {...list} query={promises} />
      </div>
      {take.dialog}
    </DutyNowOf>
  );
}

/** The button and the dialog that take a case. A row says that the case was taken until the board has read the take. */
function useTake() {
  const [row, setRow] = useState<DutyCase>();
  const [taken, setTaken] = useState<readonly string[]>([]);
  const [engineer, setEngineer] = useState<Engineer>();
  const focused = (): Element | null | undefined => document.activeElement?.closest("[data-row]");
  useShortcuts([
    {
      keys: "t",
      text: "Take the chosen case",
      run: () => focused()?.querySelector<HTMLElement>("[data-take]")?.click(),
    },
  ]);
  const last = taken.at(-1);
  useEffect(() => {
    // The button is gone, so the focus moves to the link of the row.
    if (last !== undefined) document.querySelector<HTMLElement>(`[data-row="${last}"] [data-row-link]`)?.focus();
  }, [last]);
  const onTaken = (id: string, by: Engineer): void => {
    setRow(undefined);
    setEngineer(by);
    setTaken([...taken, id]);
  };
  return {
    button: (one: DutyCase) =>
      taken.includes(one.id) ? (
        <span className="chip good" role="status">
          ✓ taken by you
        </span>
      ) : (
        <button type="button" className="main" data-take="" aria-keyshortcuts="t" onClick={() => setRow(one)}>
          Take
        </button>
      ),
    dialog: row !== undefined && (
      <TakeDialog
        row={row}
        engineer={engineer}
        onTaken={(by) => onTaken(row.id, by)}
        onClose={() => setRow(undefined)}
      />
    ),
  };
}

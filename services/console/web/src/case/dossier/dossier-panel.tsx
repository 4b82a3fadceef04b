import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CasePanel } from "../case-panel.tsx";
import { CommandDialog } from "../commands/command-dialog.tsx";
import type { FormCommand } from "../../ui/form-command.ts";
import { partOf } from "../commands/role.ts";
import { entriesQuery } from "../queries.ts";
import { useMe } from "../../session/session.tsx";
import { useCase } from "../use-case.ts";
import { ChainCheckRow } from "./chain-check.tsx";
import { Entries } from "./entries.tsx";
import { giveItem } from "./give.ts";

/** Shows the knowledge about the case: the missing items, the tried steps, the facts, the hypotheses and the notes. */
export function DossierPanel() {
  const { shown } = useCase();
  const entries = useQuery(entriesQuery(shown.id));
  return (
    <CasePanel title="Dossier" query={entries} aside={<span className="muted">{shown.completeness} % complete</span>}>
      {({ items, isCut }) => (
        <>
          <MissingItems />
          <Entries items={items} />
          {isCut && <p className="muted">The dossier has more entries. Download it to read all of them.</p>}
          <ChainCheckRow />
        </>
      )}
    </CasePanel>
  );
}

function MissingItems() {
  const me = useMe();
  const { shown, handoffs, now, zone } = useCase();
  const [open, setOpen] = useState<FormCommand>();
  const situation = { shown, handoffs: handoffs.data, me, now, zone };
  const part = partOf(situation);
  const mayGive = part.mayAct && part.hasRole;
  if (shown.missing.length === 0) return null;
  return (
    <>
      <h3>Missing items</h3>
      <ul className="plain">
        {shown.missing.map(({ item, from }) => {
          const give = mayGive ? giveItem(situation, item) : undefined;
          return (
            <li key={item} className="actions">
              <span className="chip warn">
                <span aria-hidden="true">!</span> {item}
              </span>
              <span>owed by the {from}</span>
              {give !== undefined && (
                <button type="button" aria-label={`Give ${item}`} onClick={() => setOpen(give)}>
                  Give
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {open !== undefined && <CommandDialog command={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

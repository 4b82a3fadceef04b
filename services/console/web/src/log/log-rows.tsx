import type { LoggedAction } from "@crossline/contracts";
import { useWallNow } from "../time/now.ts";
import { Instant } from "../time/instant.tsx";
import { CardTable } from "../ui/card-table.tsx";
import { CaseLink } from "../ui/case-link.tsx";

/** In a narrower window, the table would break the operations and addresses inside their words. */
const narrowRem = 80;

/** Shows rows of the action log as a table, and as cards in a small window. */
export function LogRows({ rows }: { readonly rows: readonly LoggedAction[] }) {
  const now = useWallNow();
  if (rows.length === 0) return <p className="empty">No row fits. A row appears when a person or a program acts.</p>;
  return (
    <CardTable label="Table of the rows" narrowRem={narrowRem} className="log-rows">
      <thead>
        <tr>
          <th scope="col">Row</th>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Kind</th>
          <th scope="col">Operation</th>
          <th scope="col">Where</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.number}>
            <td data-label="Row" className="numeric">
              {row.number}
            </td>
            <td data-label="When">
              <Instant at={row.at} now={now} />
            </td>
            <td data-label="Who">{doerText(row.actor)}</td>
            <td data-label="Kind">{row.kind}</td>
            <td data-label="Operation">
              <code>{row.operation}</code>
            </td>
            <td data-label="Where">
              {row.case === undefined ? <code>{row.address}</code> : <CaseLink id={row.case} />}
            </td>
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}

function doerText({ party, person, keyId, roles }: LoggedAction["actor"]): string {
  if (person !== undefined) return `${person} of ${party}${roles === undefined ? "" : ` (${roles.join(", ")})`}`;
  return `${party}${keyId === undefined ? "" : `, key ${keyId}`}`;
}

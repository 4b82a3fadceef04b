import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Panel } from "../ui/panel.tsx";
import { CardTable } from "../ui/card-table.tsx";
import { codesQuery, keptPromisesQuery } from "./queries.ts";

type OtherReportProps = { readonly timeline: string | undefined };

/** Shows how many promises each company has kept. */
export function KeptPromisesReport({ timeline }: OtherReportProps) {
  const query = useQuery(keptPromisesQuery(timeline));
  return (
    <Panel title="Promises by company" query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="empty">No company has made a promise.</p>
        ) : (
          <Table
            label="Table of the promises"
            columns={["Company", "Kept", "Late", "Broken", "Open", "Withdrawn", "Kept of the ended ones"]}
            rows={items.map(({ promisor, kept, late, broken, open, withdrawn, keptRate }) => [
              promisor,
              kept,
              late,
              broken,
              open,
              withdrawn,
              keptRate === undefined ? "–" : `${keptRate} %`,
            ])}
          />
        )
      }
    </Panel>
  );
}

/** Shows the codes of rejections, returns and transfers of each vendor, compared with the other vendors. */
export function CodesReport({ timeline }: OtherReportProps) {
  const query = useQuery(codesQuery(timeline));
  return (
    <Panel title="Codes of hand-offs" query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="empty">No vendor has rejected, returned or transferred a hand-off.</p>
        ) : (
          <Table
            label="Table of the codes"
            columns={["Vendor", "Act", "Code", "Number", "Share", "Other vendors", "Compared"]}
            rows={items.map(({ vendor, what, code, count, share, peersShare, moreThanPeers }) => [
              vendor,
              what,
              code,
              count,
              `${share} %`,
              peersShare === undefined ? "–" : `${peersShare} %`,
              moreThanPeers ? "▲ more than other vendors" : "",
            ])}
          />
        )
      }
    </Panel>
  );
}

type TableProps = {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
};

function Table({ label, columns, rows }: TableProps): ReactNode {
  return (
    <CardTable label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.slice(0, 3).join(" ")}>
            {row.map((cell, place) => (
              <td
                key={columns[place]}
                data-label={columns[place]}
                className={typeof cell === "number" ? "numeric" : undefined}
              >
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}

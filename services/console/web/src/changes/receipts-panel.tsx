import type { DetailedChange } from "@crossline/contracts";
import { Instant } from "../time/instant.tsx";
import { CardTable } from "../ui/card-table.tsx";
import { ReceiptChip } from "./receipt.tsx";

type Receipts = NonNullable<DetailedChange["receipts"]>;

const order = ["overdue", "awaited", "confirmed"] as const;

/** Shows the announcer which companies have confirmed the change. Those that have not are first. */
export function ReceiptsPanel({ receipts, now }: { readonly receipts: Receipts; readonly now: number }) {
  const rows = receipts.toSorted(
    (one, other) => order.indexOf(one.state) - order.indexOf(other.state) || one.company.localeCompare(other.company),
  );
  return (
    <section className="panel" aria-labelledby="receipts-title">
      <header>
        <h2 id="receipts-title">Receipts</h2>
      </header>
      {rows.length === 0 ? (
        <p className="empty">No company must confirm this change.</p>
      ) : (
        <CardTable label="Table of the receipts">
          <thead>
            <tr>
              <th scope="col">Company</th>
              <th scope="col">Receipt</th>
              <th scope="col">Confirmed</th>
              <th scope="col">Person</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ company, confirmedAt, person, ...receipt }) => (
              <tr key={company}>
                <th scope="row">{company}</th>
                <td data-label="Receipt">
                  <ReceiptChip {...receipt} />
                </td>
                <td data-label="Confirmed">
                  {confirmedAt === undefined ? "–" : <Instant at={confirmedAt} now={now} />}
                </td>
                <td data-label="Person">{person ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      )}
    </section>
  );
}

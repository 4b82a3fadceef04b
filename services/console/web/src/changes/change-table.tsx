import type { PresentedChange } from "@crossline/contracts";
import { Link } from "@tanstack/react-router";
import { Instant } from "../time/instant.tsx";
import { CardTable } from "../ui/card-table.tsx";
import { Chip } from "../ui/chip.tsx";
import { Deadline } from "../ui/deadline.tsx";
import { LateChip, ReceiptChip, ReceiptCounts, mustConfirm } from "./receipt.tsx";

type ChangeTableProps = {
  readonly label: string;
  readonly changes: readonly PresentedChange[];
  readonly now: number;
  /** The company of the person. */
  readonly own: string;
};

/** Lists changes with their start and their receipts, and as cards in a small window. */
export function ChangeTable({ label, changes, now, own }: ChangeTableProps) {
  return (
    <CardTable label={label} className="even" narrowRem={60}>
      <thead>
        <tr>
          <th scope="col">Change</th>
          <th scope="col">By</th>
          <th scope="col">Starts</th>
          <th scope="col">Confirm by</th>
          <th scope="col">Receipt</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.id} data-row={change.id}>
            <td>
              <ChangeLink change={change} /> <LateChip change={change} />
            </td>
            <td data-label="By">{change.by === own ? "you" : change.by}</td>
            <td data-label="Starts">
              <Instant at={change.startsAt} now={now} />
            </td>
            <td data-label="Confirm by">
              {isOpen(change) ? (
                <Deadline at={change.confirmBy} now={now} />
              ) : (
                <Instant at={change.confirmBy} now={now} />
              )}
            </td>
            <td data-label="Receipt">
              <ReceiptCell change={change} />
            </td>
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}

function ReceiptCell({ change }: { readonly change: PresentedChange }) {
  const { withdrawn, receipt, receiptCounts } = change;
  if (withdrawn !== undefined) return <Chip sign="–">withdrawn</Chip>;
  return (
    <>
      {receipt !== undefined && <ReceiptChip {...receipt} />}{" "}
      {receiptCounts !== undefined && <ReceiptCounts counts={receiptCounts} />}
    </>
  );
}

/** Links to the screen of a change on the present timeline. */
export function ChangeLink({
  change: { id, title },
}: {
  readonly change: { readonly id: string; readonly title: string };
}) {
  return (
    <Link
      to="/app/changes/$changeId"
      params={{ changeId: id }}
      search={({ timeline }: { timeline?: string }) => (timeline === undefined ? {} : { timeline })}
      data-row-link=""
    >
      <bdi>{title}</bdi>
    </Link>
  );
}

/** Returns true if a company must still confirm the change. */
function isOpen(change: PresentedChange): boolean {
  const { withdrawn, receiptCounts: counts } = change;
  return (
    withdrawn === undefined && (mustConfirm(change) || (counts !== undefined && counts.awaited + counts.overdue > 0))
  );
}

import type { PresentedChange } from "@crossline/contracts";
import { Chip } from "../ui/chip.tsx";

type ReceiptState = NonNullable<PresentedChange["receipt"]>["state"];

const states: Readonly<Record<ReceiptState, readonly [sign: string, tone: "bad" | "warn" | "good"]>> = {
  overdue: ["✕", "bad"],
  awaited: ["○", "warn"],
  confirmed: ["✓", "good"],
};

/** Shows the state of a receipt. `wasOverdue` is true if the company confirmed after the deadline. */
export function ReceiptChip({
  state,
  wasOverdue,
}: {
  readonly state: ReceiptState;
  readonly wasOverdue?: boolean | undefined;
}) {
  const [sign, tone] = states[state];
  return (
    <Chip tone={tone} sign={sign}>
      {state}
      {wasOverdue === true && " too late"}
    </Chip>
  );
}

/** Says that a change was announced too late. */
export function LateChip({ change: { late } }: { readonly change: Pick<PresentedChange, "late"> }) {
  return late ? (
    <Chip tone="warn" sign="!">
      announced late
    </Chip>
  ) : null;
}

/** Says how many of the affected companies have not confirmed. Only the announcer knows this. */
export function ReceiptCounts({ counts }: { readonly counts: NonNullable<PresentedChange["receiptCounts"]> }) {
  const { confirmed, awaited, overdue } = counts;
  const open = awaited + overdue;
  const all = open + confirmed;
  if (all === 0) return <span className="muted">no company must confirm</span>;
  if (open === 0) return <Chip tone="good" sign="✓">{`all ${all} confirmed`}</Chip>;
  return (
    <Chip tone={overdue > 0 ? "bad" : "warn"} sign={overdue > 0 ? "✕" : "○"}>
      {open} of {all} not confirmed{overdue > 0 && `, ${overdue} overdue`}
    </Chip>
  );
}

/** Returns true if the company of the screen must still confirm the change. */
export function mustConfirm({ receipt, withdrawn }: PresentedChange): boolean {
  return withdrawn === undefined && receipt !== undefined && receipt.state !== "confirmed";
}

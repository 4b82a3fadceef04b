import type { Delivery } from "@crossline/contracts";
import { Instant } from "../time/instant.tsx";

type AbandonedListProps = { readonly items: readonly Delivery[]; readonly hasMore: boolean; readonly now: number };

/** Lists abandoned deliveries with the reason of the last attempt. Only the company of a delivery can send it again. */
export function AbandonedList({ items, hasMore, now }: AbandonedListProps) {
  if (items.length === 0) return <p className="empty">Notification has abandoned no delivery.</p>;
  return (
    <>
      <p className="muted">Only the company of a delivery can send it again.</p>
      <ol className="stuck">
        {items.map((delivery) => (
          <li key={delivery.deliveryId}>
            <div>
              <strong>{delivery.party}</strong> {delivery.eventType} <span className="number">{delivery.url}</span>
              <p className="reason">{whyOf(delivery)}</p>
              <p className="muted">
                <code>{delivery.deliveryId}</code> · {attemptsText(delivery.attempts.length)} · abandoned{" "}
                <Instant at={delivery.endedAt ?? delivery.createdAt} now={now} named />
              </p>
            </div>
          </li>
        ))}
      </ol>
      {hasMore && <p>Older abandoned deliveries are not shown.</p>}
    </>
  );
}

function attemptsText(count: number): string {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}

function whyOf({ attempts }: Delivery): string {
  const last = attempts.at(-1);
  if (last === undefined) return "Notification made no attempt.";
  if (last.error !== undefined) return `The receiver did not respond: ${last.error}.`;
  return `The receiver responded with the status ${last.status ?? "–"}.`;
}

import type { Delivery } from "@crossline/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "../../api/send.ts";
import { useCommand } from "../../api/use-command.ts";
import { useMe } from "../../session/session.tsx";
import { Instant } from "../../time/instant.tsx";
import { ProblemNote } from "../../ui/problem-note.tsx";
import { CasePanel } from "../case-panel.tsx";
import { caseKey, deliveriesQuery } from "../queries.ts";
import { useCase } from "../use-case.ts";

const states: Readonly<Record<Delivery["state"], readonly [text: string, shape: string, tone: string]>> = {
  waiting: ["waits", "○", "warn"],
  delivered: ["delivered", "✓", "good"],
  abandoned: ["abandoned", "✕", "bad"],
  recorded: ["recorded, never sent", "–", ""],
  cancelled: ["cancelled", "–", ""],
  overtaken: ["overtaken", "–", ""],
};

/** Shows the webhooks, mails and pages about the case, with the reason of each failure. */
export function DeliveriesPanel() {
  const { shown } = useCase();
  const deliveries = useQuery(deliveriesQuery(shown.id));
  return (
    <CasePanel title="Deliveries" query={deliveries}>
      {({ items, next }) => (
        <>
          {items.length === 0 && <p className="empty">Nothing about this case was sent to your company.</p>}
          <ul className="entries">
            {items.map((delivery) => (
              <DeliveryItem key={delivery.deliveryId} delivery={delivery} />
            ))}
          </ul>
          {next !== undefined && <p className="muted">Only the newest 100 are shown.</p>}
        </>
      )}
    </CasePanel>
  );
}

function DeliveryItem({ delivery }: { readonly delivery: Delivery }) {
  const me = useMe();
  const { now, zone, shown } = useCase();
  const client = useQueryClient();
  const { state, url, eventType, attempts, createdAt, nextAttemptAt, deliveryId, subscriptionId, bundle } = delivery;
  const [text, shape, tone] = states[state];
  const last = attempts.at(-1);
  const again = useCommand(
    (id: string, key) => send("POST", `/v1/deliveries/${id}/redeliver`, { key }),
    () => client.invalidateQueries({ queryKey: [...caseKey(shown.id), "deliveries"] }),
  );
  return (
    <li>
      <p>
        <span className={`chip ${tone}`}>
          <span aria-hidden="true">{shape}</span> {text}
        </span>{" "}
        {kindOf(url, { isPage: bundle !== undefined, isCall: subscriptionId === undefined })}: {eventType}{" "}
        <bdi className="number">{url.replace(/^mailto:/, "")}</bdi>
      </p>
      <p className="muted">
        <Instant at={createdAt} now={now} zone={zone} />
        {last !== undefined &&
          state !== "delivered" &&
          ` · attempt ${last.number}: ${last.error ?? `status ${last.status}`}`}
        {state === "waiting" && nextAttemptAt !== undefined && (
          <>
            {" "}
            · next attempt <Instant at={nextAttemptAt} now={now} zone={zone} />
          </>
        )}
      </p>
      <ProblemNote fault={again.error} />
      {(state === "abandoned" || (state === "waiting" && last !== undefined)) && me.scopes.includes("setup") && (
        <p className="actions">
          <button
            type="button"
            aria-label={`Send ${eventType} again to ${url}`}
            onClick={() => again.mutate(deliveryId)}
          >
            Again
          </button>
        </p>
      )}
    </li>
  );
}

function kindOf(url: string, { isPage, isCall }: { readonly isPage: boolean; readonly isCall: boolean }): string {
  const way = url.startsWith("mailto:") ? "mail" : "webhook";
  if (isPage) return `page by ${way}`;
  return isCall ? `call of the last resort by ${way}` : way;
}

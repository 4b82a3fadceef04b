import type { Operations } from "@crossline/contracts";
import { durationText } from "../time/format.ts";
import { CardTable } from "../ui/card-table.tsx";
import type { PresentedService } from "./queries.ts";
import { type ServiceState, failedChecks, failingFirst, stateOf } from "./services.ts";

const chips: Readonly<Record<ServiceState, { readonly className: string; readonly shape: string }>> = {
  unreachable: { className: "chip bad", shape: "✕" },
  "not ready": { className: "chip warn", shape: "▲" },
  ready: { className: "chip good", shape: "✓" },
};

/** Lists the services, the failing ones first, with the checks that failed. A service that is down affects its own row only. */
export function ServicesTable({ operations }: { readonly operations: Operations }) {
  return (
    <CardTable label="Table of services" className="services">
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">State</th>
          <th scope="col" className="numeric">
            Lag
          </th>
          <th scope="col" className="numeric">
            Outbox
          </th>
          <th scope="col" className="numeric">
            Parked
          </th>
          <th scope="col" className="numeric">
            Dead letters
          </th>
        </tr>
      </thead>
      <tbody>
        {failingFirst(operations.services).map((service) => (
          <tr key={service.service}>
            <th scope="row">{service.service}</th>
            <td>
              <StateCell service={service} />
            </td>
            <NumberCells service={service} now={Date.parse(operations.at)} />
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}

function StateCell({ service }: { readonly service: PresentedService }) {
  const state = stateOf(service);
  const { className, shape } = chips[state];
  const failed = service.state === "reached" ? failedChecks(service) : [];
  return (
    <>
      <span className={className}>
        <span aria-hidden="true">{shape}</span> {state}
      </span>
      {failed.length > 0 && (
        <ul className="checks">
          {failed.map(([check, reason]) => (
            <li key={check}>
              <strong>{check}</strong>: {reason}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function NumberCells({ service, now }: { readonly service: PresentedService; readonly now: number }) {
  if (service.state === "unreachable") {
    return (
      <td colSpan={4} className="muted">
        The service does not respond, so its numbers are unknown.
      </td>
    );
  }
  const { lag, outbox, parked, deadLetters } = service;
  return (
    <>
      <td data-label="Lag" className="numeric">
        {lag.toLocaleString("en-CA")}
      </td>
      <td data-label="Outbox" className="numeric">
        {outbox.waiting.toLocaleString("en-CA")}
        {outbox.oldestAt !== undefined && (
          <span className="muted"> oldest {durationText(Math.max(0, now - Date.parse(outbox.oldestAt)))}</span>
        )}
      </td>
      <td data-label="Parked" className={parked.length > 0 ? "numeric bad" : "numeric"}>
        {parked.length}
      </td>
      <td data-label="Dead letters" className={deadLetters.length > 0 ? "numeric bad" : "numeric"}>
        {deadLetters.length}
      </td>
    </>
  );
}

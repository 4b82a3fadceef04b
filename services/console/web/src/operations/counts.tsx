import type { Operations, ServiceName } from "@crossline/contracts";
import type { ReactNode } from "react";
import type { ReachedService } from "./queries.ts";

type CountsProps = { readonly operations: Operations };

/** Shows the lateness, the rate limit, the findings and the deliveries. A number of a service that does not respond is unknown. */
export function Counts({ operations }: CountsProps) {
  const { gate } = operations;
  return (
    <dl className="operation-counts">
      <Count name="Lateness, 24 h">
        <From operations={operations} service="console">
          {({ lateness }) => lateness && <Lateness {...lateness} />}
        </From>
      </Count>
      <Count name="Rate limit">
        {gate.perSecond === undefined ? "✓ no limit applies" : `▲ ${Math.round(gate.perSecond)} requests a second`}
        <span className="muted">{gate.atWork} requests at work</span>
      </Count>
      <Count name="Findings of the auditor">
        <From operations={operations} service="auditor">
          {({ findings }) => findings && <Findings findings={findings} />}
        </From>
      </Count>
      <Count name="Deliveries">
        <From operations={operations} service="notification">
          {({ deliveries }) =>
            deliveries && (
              <>
                {deliveries.abandoned === 0
                  ? "✓ none abandoned in 24 h"
                  : `▲ ${deliveries.abandoned} abandoned in 24 h`}
                <span className="muted">{deliveries.waiting} waiting</span>
              </>
            )
          }
        </From>
      </Count>
    </dl>
  );
}

function Count({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

type FromProps = CountsProps & {
  readonly service: ServiceName;
  readonly children: (service: ReachedService) => ReactNode;
};

function From({ operations, service, children }: FromProps) {
  const found = operations.services.find((one) => one.service === service);
  if (found?.state !== "reached") return <span className="muted">unknown, because {service} does not respond</span>;
  return children(found) ?? <span className="muted">{service} has sent no number</span>;
}

function Lateness({ firings, p50Ms, p99Ms }: NonNullable<ReachedService["lateness"]>) {
  if (p50Ms === undefined || p99Ms === undefined) return "No clock has fired.";
  return (
    <>
      p50 {p50Ms} ms, p99 {p99Ms} ms<span className="muted">{firings.toLocaleString("en-CA")} firings</span>
    </>
  );
}

function Findings({ findings }: { readonly findings: Readonly<Record<string, number>> }) {
  const found = Object.entries(findings).filter(([, count]) => count > 0);
  if (found.length === 0) return "✓ none";
  return found.map(([kind, count]) => (
    <span key={kind} className="bad">
      ✕ {count} {kind}
    </span>
  ));
}

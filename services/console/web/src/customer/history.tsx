import type { CustomerView } from "@crossline/contracts";
import { Moment } from "./moment.tsx";

type HistoryProps = { readonly view: CustomerView; readonly zone: string; readonly now: number };

/** Shows the history of the case, the newest step first. */
export function History({ view, zone, now }: HistoryProps) {
  const { steps, missing } = view;
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      {missing.includes("steps") && <p>The history is not available at the moment.</p>}
      {!missing.includes("steps") && steps.length === 0 && <p className="muted">The history begins in a moment.</p>}
      <ol className="steps">
        {steps.toReversed().map((step, index) => (
          <Step key={steps.length - index} step={step} zone={zone} now={now} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step, zone, now }: { readonly step: CustomerView["steps"][number] } & Omit<HistoryProps, "view">) {
  const { at, text, words, from, until } = step;
  return (
    <li>
      <p className="muted">
        <Moment at={at} zone={zone} now={now} />
      </p>
      <p>
        <bdi>{text}</bdi>
      </p>
      {words !== undefined && <blockquote dir="auto">{words}</blockquote>}
      {until !== undefined && (
        <p className="muted">
          {from === undefined ? (
            "by "
          ) : (
            <>
              between <Moment at={from} zone={zone} now={now} /> and{" "}
            </>
          )}
          <Moment at={until} zone={zone} now={now} />
        </p>
      )}
    </li>
  );
}

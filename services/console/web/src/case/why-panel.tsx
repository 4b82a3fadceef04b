import type { CaseHandoffs, PublishedLine } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/send.ts";
import { useMe } from "../session/session.tsx";
import { instantText } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";
import { CasePanel } from "./case-panel.tsx";
import { msOf } from "./instants.ts";
import { useCase } from "./use-case.ts";
import { phaseText, reasonsOf } from "./why.ts";
import { codeText } from "./words.ts";

/** Says in words why the case crossed, for each hand-off, the newest first. */
export function WhyPanel() {
  const { handoffs, history, asOf } = useCase();
  const at = history.data?.at;
  return (
    <CasePanel title="Why it crossed" query={handoffs}>
      {(all) => {
        const shown = all.handoffs.filter(
          ({ offeredAt }) => asOf.at === undefined || at === undefined || msOf(offeredAt) <= msOf(at),
        );
        if (shown.length === 0) {
          return (
            <p className="empty">{asOf.at === undefined ? "The case has not crossed." : "The case had not crossed."}</p>
          );
        }
        return (
          <ol className="crossings" reversed>
            {shown.toReversed().map((crossing) => (
              <CrossingItem key={crossing.handoffId} crossing={crossing} />
            ))}
          </ol>
        );
      }}
    </CasePanel>
  );
}

function CrossingItem({ crossing }: { readonly crossing: CaseHandoffs["handoffs"][number] }) {
  const { latest, zone, now } = useCase();
  const steps = useStepCount();
  const format = (instant: string): string => instantText(instant, zone, msOf(crossing.offeredAt));
  const reasons = reasonsOf(crossing, { clocks: latest.data?.clocks ?? [], steps, format });
  const { acceptance, ending, phase, offeredAt, endedAt } = crossing;
  return (
    <li>
      <p>
        <strong>
          <Instant at={offeredAt} now={now} zone={zone} />
        </strong>{" "}
        {reasons.join(" ")}
      </p>
      <p className="muted">
        {crossing.vendor}: {phaseText(phase)}
        {endedAt !== undefined && (
          <>
            {" "}
            at <Instant at={endedAt} now={now} zone={zone} />
          </>
        )}
        {ending?.code !== undefined && ` (${codeText(ending.code)})`}
        {ending?.fixCode !== undefined && ` with the fix ${ending.fixCode}`}
        {acceptance !== undefined && (
          <>
            {" · "}
            <bdi>{acceptance.subject.engineer.name}</bdi>, {acceptance.vendorCaseId} · next step:{" "}
            <bdi>{acceptance.nextStep}</bdi>
          </>
        )}
      </p>
      {ending?.evidence !== undefined && (
        <dl className="facts">
          <dt>Test</dt>
          <dd>
            <bdi>{ending.evidence.test}</bdi>
          </dd>
          <dt>Result</dt>
          <dd>
            <bdi>{ending.evidence.result}</bdi>
          </dd>
          <dt>Would refute it</dt>
          <dd>
            <bdi>{ending.evidence.wouldChangeOurMind}</bdi>
          </dd>
        </dl>
      )}
    </li>
  );
}

/** Returns the number of steps of the case's line. Undefined for a company that may not read the line. */
function useStepCount(): number | undefined {
  const { shown } = useCase();
  const { party } = useMe();
  const { name, version, carrier } = shown.line;
  const { data } = useQuery({
    queryKey: ["line", carrier, name, version],
    queryFn: ({ signal }) => read<PublishedLine>(`/v1/lines/${name}/versions/${version}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    enabled: carrier === party,
  });
  return data?.document.crossing.length;
}

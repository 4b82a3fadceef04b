import type { PresentedIncident } from "@crossline/contracts";
import { useState } from "react";
import { Instant } from "../time/instant.tsx";
import { CaseLink } from "../ui/case-link.tsx";
import { leaveWords } from "./words.ts";

type FormerMembersProps = { readonly former: PresentedIncident["former"]; readonly now: number };

const rowsAtOnce = 20;

/** Lists the cases that have left the incident, the last one first, with the reason of each. */
export function FormerMembers({ former, now }: FormerMembersProps) {
  const [most, setMost] = useState(rowsAtOnce);
  if (former.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="former-title">
      <header>
        <h2 id="former-title">Former members</h2>
        <span>{former.length}</span>
      </header>
      <ul className="record-list">
        {former
          .toReversed()
          .slice(0, most)
          .map(({ caseId, carrierCaseId, title, at, cause, reason }) => (
            <li key={`${caseId} ${at}`}>
              <CaseLink id={caseId} title={title} number={carrierCaseId} isRow={false} />{" "}
              <span className="muted">
                <Instant at={at} now={now} /> · {leaveWords(cause)}
              </span>
              {reason !== undefined && (
                <>
                  : <bdi>{reason}</bdi>
                </>
              )}
            </li>
          ))}
      </ul>
      {former.length > most && (
        <button type="button" onClick={() => setMost(most + rowsAtOnce)}>
          Show more former members
        </button>
      )}
    </section>
  );
}

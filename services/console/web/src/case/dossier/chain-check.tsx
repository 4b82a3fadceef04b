import type { PresentedCase } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/send.ts";
import { ProblemNote } from "../../ui/problem-note.tsx";
import { useCase } from "../use-case.ts";
import { type ChainCheck, type ExportedDossier, canHash, verifyDossier } from "./verify.ts";

/** Verifies the chains of the dossier in the browser, and offers the export file for a check without a server. */
export function ChainCheckRow() {
  const { shown } = useCase();
  const path = `/v1/cases/${shown.id}/dossier`;
  const { entries, head, internal } = shown.dossier;
  const { data, error, refetch } = useQuery({
    // Not below the key of the case: only a new entry changes the export file, and then a head changes.
    queryKey: ["chain", shown.id, head ?? "", internal?.head ?? ""],
    queryFn: ({ signal }) => readAndVerify(shown.id, signal),
    enabled: canHash,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="chain" aria-live="polite">
      {error !== null && <ProblemNote fault={error} onRetry={refetch} />}
      {data?.faults.length === 0 && (
        <p>
          <span className="chip good">
            <span aria-hidden="true">✓</span> chain verified
          </span>{" "}
          <span className="muted">
            This browser calculated the hashes of {data.entries} {data.entries === 1 ? "entry" : "entries"}.
          </span>
        </p>
      )}
      {data !== undefined && data.faults.length > 0 && (
        <div className="problem" role="alert">
          <p>
            <strong>✕ The dossier does not match its chain</strong>
          </p>
          <ul>
            {data.faults.slice(0, 5).map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </div>
      )}
      {!canHash && <p className="muted">Not verified: this browser hashes only on pages from a secure address.</p>}
      <p className="muted">
        {entries} shared {entries === 1 ? "entry" : "entries"}
        {internal !== undefined && `, ${internal.entries} internal`}
        {head !== undefined && (
          <>
            {" "}
            · head <code>{head.slice(0, 12)}…</code>
          </>
        )}{" "}
        ·{" "}
        <a href={path} download={`${shown.carrierCaseId}.dossier.json`}>
          Download the dossier
        </a>
      </p>
    </div>
  );
}

const triesMax = 3;

/** Another person can add an entry between the two reads, so only a file and a case of the same version are compared. */
async function readAndVerify(id: string, signal: AbortSignal): Promise<ChainCheck> {
  for (let tries = 1; ; tries += 1) {
    const file = await read<ExportedDossier>(`/v1/cases/${id}/dossier`, signal);
    const { dossier, version } = await read<PresentedCase>(`/v1/cases/${id}`, signal);
    if (file.case.version === version || tries === triesMax) {
      return verifyDossier(file, { shared: dossier.head, internal: dossier.internal?.head });
    }
  }
}

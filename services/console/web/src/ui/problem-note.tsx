import { type ProblemDocument, ResponseFault } from "../api/send.ts";
import { CopyButton } from "./copy-button.tsx";

type ProblemNoteProps = {
  readonly fault: unknown;
  readonly onRetry?: () => unknown;
  /** The text of the button. Default: "Try again". */
  readonly retryText?: string;
};

/** Shows a problem document: its title, its detail, its fields and the request id for a report. */
export function ProblemNote({ fault, onRetry, retryText = "Try again" }: ProblemNoteProps) {
  if (fault === undefined || fault === null) return null;
  const { title, detail, fields = [], requestId } = partsOf(fault);
  return (
    <div className="problem" role="alert">
      <p>
        <strong>{title}</strong>
      </p>
      {detail !== undefined && <p>{detail}</p>}
      {fields.length > 0 && (
        <ul>
          {fields.map(({ at, message }) => (
            <li key={at}>
              <code>{at}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <p className="actions">
        {onRetry && (
          <button type="button" onClick={() => void onRetry()}>
            {retryText}
          </button>
        )}
        {requestId !== undefined && (
          <CopyButton text={requestId} className="quiet">
            Copy the request id <code>{requestId.slice(0, 8)}</code>
          </CopyButton>
        )}
      </p>
    </div>
  );
}

function partsOf(fault: unknown): ProblemDocument & { readonly requestId?: string | undefined } {
  if (fault instanceof ResponseFault) return { ...fault.problem, requestId: fault.requestId };
  if (fault instanceof TypeError) {
    return { title: "Crossline did not respond", detail: "The network or the server is not reachable." };
  }
  return { title: "The page failed", detail: String(fault) };
}

import { ResponseFault } from "../api/send.ts";

type FaultNoteProps = {
  readonly fault: unknown;
  /** The sentence about the request that failed, for example that a message was not sent. */
  readonly failed: string;
  readonly onRetry?: () => unknown;
};

/** Shows a fault in words for a customer, who knows neither problem documents nor API keys. */
export function FaultNote({ fault, failed, onRetry }: FaultNoteProps) {
  if (fault === null || fault === undefined) return null;
  return (
    <div className="problem" role="alert">
      <p>
        <strong>{failed}</strong>
      </p>
      <p>{reasonOf(fault)}</p>
      {onRetry && (
        <button type="button" onClick={() => void onRetry()}>
          Try again
        </button>
      )}
    </div>
  );
}

function reasonOf(fault: unknown): string {
  if (!(fault instanceof ResponseFault)) return "The network or the server is not reachable. Try again in a moment.";
  switch (fault.status) {
    case 401:
      return "This link has expired or is not valid. Ask the company that sent it to you for a new one.";
    case 400:
      return fault.problem.fields?.map(({ message }) => `Your text ${message}.`).join(" ") ?? fault.message;
    case 409:
      return "The case has changed in the meantime, so this is no longer possible.";
    case 422:
      return "This case accepts no more messages. Contact the company that sent you the link.";
    case 429:
      return "You have sent very much in a short time. Try again in a moment.";
    default:
      return "The server cannot respond at the moment. Try again in a moment.";
  }
}

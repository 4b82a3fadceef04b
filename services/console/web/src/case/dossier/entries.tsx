import type { PresentedEntry } from "@crossline/contracts";
import type { ReactNode } from "react";
import { Instant } from "../../time/instant.tsx";
import { useCase } from "../use-case.ts";
import { codeText } from "../words.ts";

const outcomes: Readonly<Record<string, string>> = { worked: "✓", failed: "✗", partly: "◐", "not-possible": "⊘" };

const groups: readonly (readonly [title: string, kinds: readonly PresentedEntry["kind"][], open: boolean])[] = [
  ["Tried steps", ["step-tried"], true],
  ["Facts", ["fact"], true],
  ["Hypotheses", ["hypothesis"], true],
  ["Attachments", ["attachment"], true],
  ["Decisions", ["decision"], false],
  ["Notes and messages", ["note", "message"], false],
];

/** Shows the entries of the dossier by their kinds. Decisions and notes are closed at first. */
export function Entries({ items }: { readonly items: readonly PresentedEntry[] }) {
  if (items.length === 0) return <p className="empty">The dossier has no entry yet.</p>;
  return groups.map(([title, kinds, isOpen]) => {
    const own = items.filter(({ kind }) => kinds.includes(kind));
    if (own.length === 0) return null;
    const list = (
      <ul className="entries">
        {own.map((entry) => (
          <EntryItem key={entry.id} entry={entry} />
        ))}
      </ul>
    );
    if (isOpen) {
      return (
        <div key={title}>
          <h3>{title}</h3>
          {list}
        </div>
      );
    }
    return (
      <details key={title}>
        <summary>
          {title} ({own.length})
        </summary>
        {list}
      </details>
    );
  });
}

function EntryItem({ entry }: { readonly entry: PresentedEntry }) {
  const { zone, now } = useCase();
  const { at, author, audience, by, news, text, repeats } = entry;
  return (
    <li>
      <ContentOf entry={entry} />
      {text !== undefined && (
        <p className="words">
          <bdi>{text}</bdi>
        </p>
      )}
      {repeats !== undefined && (
        <p className="words">
          Again, because: <bdi>{repeats.reason}</bdi>
        </p>
      )}
      <p className="muted">
        {by === "customer" ? "the customer, by " : ""}
        {author.party}
        {author.person !== undefined && ` (${author.person})`} · <Instant at={at} now={now} zone={zone} />
        {audience === "internal" && " · internal"}
        {audience === "customer" && " · the customer reads it"}
        {!news && " · known before"}
      </p>
    </li>
  );
}

function ContentOf({ entry: { step, fact, attachment } }: { readonly entry: PresentedEntry }): ReactNode {
  if (step !== undefined) {
    const parameters = Object.entries(step.parameters);
    return (
      <p>
        <span className="outcome" aria-hidden="true">
          {outcomes[step.outcome]}
        </span>{" "}
        <strong>{step.name}</strong>: {codeText(step.outcome)}
        {parameters.length > 0 && (
          <span className="muted"> ({parameters.map((pair) => pair.join(" = ")).join(", ")})</span>
        )}
      </p>
    );
  }
  if (fact !== undefined) {
    return (
      <p>
        <strong>{fact.name}</strong>: <bdi>{fact.value}</bdi>
      </p>
    );
  }
  if (attachment === undefined) return null;
  return (
    <p>
      <a href={attachment.url} rel="noreferrer">
        <bdi>{attachment.name}</bdi>
      </a>{" "}
      <span className="muted">
        {attachment.mediaType}, {Math.ceil(attachment.bytes / 1024)} kB
      </span>
    </p>
  );
}

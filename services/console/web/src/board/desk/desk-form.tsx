import { type ReactNode, useEffect, useRef } from "react";
import { ResponseFault } from "../../api/send.ts";
import { ProblemNote } from "../../ui/problem-note.tsx";

type DeskFormProps = {
  readonly title: string;
  readonly submit: string;
  readonly fault: unknown;
  readonly isPending: boolean;
  readonly onSend: (data: FormData) => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
};

/** A form of a hand-off. The focus moves to its first field, and Escape closes it. A refusal leaves the texts as they are. */
export function DeskForm({ title, submit, fault, isPending, onSend, onCancel, children }: DeskFormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input, select, textarea")?.focus(), []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes the form from each of its fields
    <form
      ref={form}
      className="desk-form"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending) onSend(new FormData(event.currentTarget));
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <h3>{title}</h3>
      {children}
      <ProblemNote fault={fault} />
      <Changes fault={fault} />
      <p className="actions">
        <button type="submit" disabled={isPending}>
          {submit}
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}

/** Names the changes of the brief since the person read it. */
function Changes({ fault }: { readonly fault: unknown }) {
  if (!(fault instanceof ResponseFault) || fault.problem.code !== "stale_version") return null;
  const { changedSince = [] } = fault.problem as { readonly changedSince?: readonly string[] };
  return (
    <p>
      The brief above is the new one.{" "}
      {changedSince.length > 0 && `Changed since you read it: ${changedSince.join(", ")}.`} Check your texts, and send
      them again.
    </p>
  );
}

/** Returns the trimmed text of a field, or undefined if it is empty. */
export function textOf(data: FormData, name: string): string | undefined {
  const text = data.get(name);
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}

/** The options of a list of codes. */
export function CodeOptions({ codes }: { readonly codes: readonly string[] }) {
  return codes.map((code) => (
    <option key={code} value={code}>
      {code.replaceAll("-", " ")}
    </option>
  ));
}

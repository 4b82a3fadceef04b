import { type ReactNode, useState } from "react";

type CopyButtonProps = { readonly text: string; readonly className?: string; readonly children: ReactNode };

/** Copies a text. If the browser does not allow this, the complete text is shown, so that the person can copy it. */
export function CopyButton({ text, className, children }: CopyButtonProps) {
  const [state, setState] = useState<"copied" | "refused">();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  return (
    <>
      <button type="button" className={className} onClick={() => void copy()}>
        {state === "copied" ? "Copied" : children}
      </button>
      {state === "refused" && (
        <span role="status">
          The browser does not allow this. Copy <code>{text}</code> yourself.
        </span>
      )}
    </>
  );
}

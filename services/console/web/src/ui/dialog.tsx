import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

type DialogProps = { readonly title: string; readonly onClose: () => void; readonly children: ReactNode };

/**
 * Shows a modal dialog (the element `dialog` of HTML). The browser keeps the focus inside, closes the dialog by Escape, and then returns the
 * focus to the element that opened it.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // The browser returns the focus only if the dialog closes while it is still on the page.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  // The event `close` comes a moment after the end of the dialog, when a key can already have opened it again. React's strict mode also
  // closes and opens the dialog once more.
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={() => dialog.current?.open !== true && onClose()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" className="quiet" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
}

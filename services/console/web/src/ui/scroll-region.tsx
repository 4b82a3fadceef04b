import type { ReactNode } from "react";

/** Holds a table that can be wider than the window. The table then scrolls, and the screen does not. */
export function ScrollRegion({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a person without a pointer scrolls the table by keyboard
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

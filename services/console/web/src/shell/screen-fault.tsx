import type { ErrorComponentProps } from "@tanstack/react-router";
import { ProblemNote } from "../ui/problem-note.tsx";

/** Shows a fault of a screen. A new version of Crossline removes the files of the old one, so the button loads the page again. */
export function ScreenFault({ error }: ErrorComponentProps) {
  return (
    <main>
      <h1>This screen failed</h1>
      <ProblemNote fault={error} onRetry={() => location.reload()} retryText="Load the page again" />
    </main>
  );
}

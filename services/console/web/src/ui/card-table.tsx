import type { ReactNode } from "react";
import { ScrollRegion } from "./scroll-region.tsx";
import { useIsNarrow } from "./use-is-narrow.ts";

type CardTableProps = {
  readonly label: string;
  /** The width of the window below which each row is a card. */
  readonly narrowRem?: number;
  readonly className?: string;
  readonly children: ReactNode;
};

/**
 * Shows a table, and in a narrow window each of its rows as a card, so that no person scrolls sideways (WCAG 2.2, 1.4.10). In a card, the
 * attribute `data-label` of a cell takes the place of its heading.
 */
export function CardTable({ label, narrowRem, className = "", children }: CardTableProps) {
  const isNarrow = useIsNarrow(narrowRem);
  if (isNarrow) return <table className={`cards ${className}`}>{children}</table>;
  return (
    <ScrollRegion label={label}>
      <table className={className}>{children}</table>
    </ScrollRegion>
  );
}

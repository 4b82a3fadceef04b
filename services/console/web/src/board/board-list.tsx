import { type Virtualizer, defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { BoardRow } from "./board-row.tsx";
import type { BoardList, BoardStore } from "./board-store.ts";
import type { BoardScope } from "./use-board.ts";
import { useRestOfWindow } from "./use-rest-of-window.ts";

type BoardListProps = {
  readonly store: BoardStore;
  readonly list: BoardList;
  readonly scope: BoardScope;
  readonly own: string;
  readonly timeline: string | undefined;
  readonly active: string | undefined;
  /** Undefined for a board whose rows cannot be selected. */
  readonly selected: ReadonlySet<string> | undefined;
  readonly onPick: (id: string, how: "activate" | "select") => void;
  /** The keys that a grid has besides the shortcuts of the board. */
  readonly onKey: (event: React.KeyboardEvent) => void;
  readonly grid: RefObject<HTMLDivElement | null>;
};

const columns = {
  left: "Left",
  severity: "Severity",
  case: "Case",
  from: "",
  phone: "On the phone",
  phase: "Phase",
  who: "Who",
};
const rowHeight = { wide: 58, card: 150 };
const overscan = 6;

/** The rows of the board as a grid of ARIA. Only the rows near the window are in the page. */
export function BoardRowsList(props: BoardListProps) {
  const { store, list, scope, own, timeline, active, selected, onPick, onKey, grid } = props;
  const { shown, total } = list;
  const height = useRestOfWindow(grid);
  const activeIndex = active === undefined ? -1 : shown.indexOf(active);
  const isCard = useRef(window.innerWidth < 800);
  // oxlint-disable-next-line react/incompatible-library -- the project does not use React Compiler
  const virtual = useVirtualizer<HTMLDivElement, HTMLElement>({
    count: shown.length,
    getScrollElement: () => grid.current,
    estimateSize: () => (isCard.current ? rowHeight.card : rowHeight.wide),
    getItemKey: useCallback((index: number) => shown[index] ?? index, [shown]),
    overscan,
    measureElement: sizeOf,
    // The row with the focus stays in the page, because the browser would otherwise lose the focus.
    rangeExtractor: (range) => {
      const near = defaultRangeExtractor(range);
      return activeIndex < 0 || near.includes(activeIndex) ? near : [...near, activeIndex].toSorted((a, b) => a - b);
    },
  });
  useLayoutEffect(() => {
    if (shown.length > 0 && performance.getEntriesByName("board.rows").length === 0) performance.mark("board.rows");
  }, [shown.length]);
  useVisibleFocus(grid, active, () => activeIndex >= 0 && virtual.scrollToIndex(activeIndex));
  const isSelectable = selected !== undefined;
  const latest = useRef(onPick);
  useEffect(() => {
    latest.current = onPick;
  });
  const pick = useCallback<typeof onPick>((id, how) => latest.current(id, how), []);
  return (
    <div
      ref={grid}
      role="grid"
      aria-label="Cases"
      aria-rowcount={total + 1}
      aria-multiselectable={isSelectable}
      aria-busy={!list.isComplete}
      className={`board-list${isSelectable ? " selectable" : ""}`}
      style={{ height }}
      tabIndex={active === undefined ? 0 : -1}
      onKeyDown={onKey}
    >
      <Head isSelectable={isSelectable} from={scope === "handoffs" ? "From" : "Holder"} />
      <div role="rowgroup" className="board-body" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const id = shown[index] ?? "";
          return (
            <BoardRow
              key={id}
              store={store}
              id={id}
              index={index}
              top={start}
              measure={virtual.measureElement}
              own={own}
              timeline={timeline}
              isActive={id === active}
              isSelected={selected?.has(id)}
              onPick={pick}
            />
          );
        })}
      </div>
    </div>
  );
}

/**
 * Returns the height of a row that the browser has observed, or else its last height. The measurement of the library forces a layout for each
 * row that appears. That took a fifth of the time of all scripts at 100 changes a second.
 */
function sizeOf(
  row: HTMLElement,
  observed: ResizeObserverEntry | undefined,
  virtual: Virtualizer<HTMLDivElement, HTMLElement>,
): number {
  const [box] = observed?.borderBoxSize ?? [];
  if (box !== undefined) return Math.round(box.blockSize);
  const index = virtual.indexFromElement(row);
  return virtual.itemSizeCache.get(virtual.options.getItemKey(index)) ?? virtual.options.estimateSize(index);
}

function Head({ isSelectable, from }: { readonly isSelectable: boolean; readonly from: string }) {
  return (
    <div role="rowgroup" className="board-head">
      <div role="row" aria-rowindex={1} className="board-row">
        {isSelectable && (
          <span role="columnheader" className="cell-select">
            <span className="hidden">Selected</span>
          </span>
        )}
        {Object.entries(columns).map(([name, text]) => (
          <span key={name} role="columnheader" className={`cell-${name}`}>
            {name === "from" ? from : text}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Moves the focus with the active row while the focus is inside the list, and keeps the active row in view. */
function useVisibleFocus(grid: RefObject<HTMLDivElement | null>, active: string | undefined, scroll: () => void): void {
  const last = useRef(active);
  useEffect(() => {
    if (active === undefined || last.current === active) return;
    last.current = active;
    scroll();
    // The row may be in the page only after the list has scrolled.
    requestAnimationFrame(() => {
      const row = grid.current?.querySelector<HTMLElement>(`[data-id="${active}"]`);
      const focused = document.activeElement;
      const isInside = focused === document.body || focused?.id === "main" || grid.current?.contains(focused) === true;
      if (isInside) row?.focus({ preventScroll: true });
    });
  });
}

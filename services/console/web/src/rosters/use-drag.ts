import { type MouseEvent, type PointerEvent, useState } from "react";
import type { Span } from "./week.ts";

const stepMs = 1_800_000;
const shortestPx = 6;

type Drag = { readonly beginX: number; readonly nowX: number };

/** The handlers of an element over which a person draws a span with the mouse, and the drawn span in pixels of the window. */
type DragHandlers = {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerCancel: () => void;
  readonly onClickCapture: (event: MouseEvent) => void;
};

/**
 * Lets a person draw a span on a picture of `whole`, in steps of half an hour. A short movement is a click, and draws no span. Returns
 * the drawn span while the button is down.
 */
export function useDrag(
  whole: Span,
  onDrawn: (span: Span) => void,
): { readonly drawn: Span | undefined; readonly handlers: DragHandlers } {
  const [drag, setDrag] = useState<Drag & { readonly box: DOMRect }>();
  const [wasDrawn, setWasDrawn] = useState(false);
  const drawn = drag && isLong(drag) ? spanOfDrag(whole, drag, drag.box) : undefined;
  return {
    drawn,
    handlers: {
      onPointerDown: ({ currentTarget, clientX, button, pointerType }) => {
        setWasDrawn(false);
        // A finger scrolls the screen, and it can press a bar.
        if (button !== 0 || pointerType === "touch") return;
        setDrag({ beginX: clientX, nowX: clientX, box: currentTarget.getBoundingClientRect() });
      },
      onPointerMove: ({ clientX }) => setDrag((present) => present && { ...present, nowX: clientX }),
      onPointerUp: () => {
        setDrag(undefined);
        if (drawn === undefined) return;
        setWasDrawn(true);
        onDrawn(drawn);
      },
      onPointerCancel: () => setDrag(undefined),
      // The browser sends a click after the drag if both ends are on the same bar.
      onClickCapture: (event) => {
        if (wasDrawn) event.stopPropagation();
        setWasDrawn(false);
      },
    },
  };
}

function isLong({ beginX, nowX }: Drag): boolean {
  return Math.abs(nowX - beginX) >= shortestPx;
}

function spanOfDrag(whole: Span, { beginX, nowX }: Drag, { left, width }: DOMRect): Span {
  const at = (x: number): number => {
    const share = Math.min(1, Math.max(0, (x - left) / width));
    return whole.from + Math.round((share * (whole.to - whole.from)) / stepMs) * stepMs;
  };
  const [from, to] = [at(Math.min(beginX, nowX)), at(Math.max(beginX, nowX))];
  return { from, to: Math.max(to, from + stepMs) };
}

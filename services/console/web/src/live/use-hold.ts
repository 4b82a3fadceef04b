import { type PointerEvent, useState } from "react";
import { useShortcuts } from "../shell/shortcuts.ts";

/** The handlers of an element whose rows keep their places while the pointer is over them. */
type HoldHandlers = {
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerLeave: () => void;
};

/** Returns true while a mouse is over the rows, with the handlers that find this out. `n` shows the waiting rows until the mouse moves again. */
export function useHold(): readonly [isHeld: boolean, handlers: HoldHandlers] {
  const [isHeld, setIsHeld] = useState(false);
  useShortcuts([{ keys: "n", text: "Show the new rows", run: () => setIsHeld(false) }]);
  return [
    isHeld,
    {
      onPointerMove: ({ pointerType }) => setIsHeld(pointerType === "mouse"),
      onPointerLeave: () => setIsHeld(false),
    },
  ];
}

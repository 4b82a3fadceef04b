import { type RefObject, useEffect, useState } from "react";

const lowest = 320;
const below = 12;

/** Returns the height in pixels from the top of an element to the lower edge of the window, at least 320. */
export function useRestOfWindow(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(() => Math.max(lowest, window.innerHeight - 240));
  useEffect(() => {
    const measure = (): void => {
      const top = (element.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
      setHeight(Math.max(lowest, Math.floor(window.innerHeight - top - below)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    window.addEventListener("resize", measure);
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", measure);
    };
  }, [element]);
  return height;
}

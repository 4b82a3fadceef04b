import { Link, Outlet, useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { Suspense, lazy, useEffect, useRef, useState } from "react";
import { useMe } from "../session/session.tsx";
import { Banner } from "./banner.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { type Screen, screensOf } from "./screens.ts";
import { handleKey, useShortcuts } from "./shortcuts.ts";
import { useIsNowKnown } from "../time/now.ts";
import { TopBar } from "./top-bar.tsx";

const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));

/** The frame of every screen: the navigation, the top bar and the dialogs that every screen has. */
export function Shell() {
  const me = useMe();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"palette" | "help" | undefined>();
  const screens = screensOf(me);
  const search = useRef<HTMLInputElement>(null);
  const go = ({ to }: Screen): void => void navigate({ to, search: keepTimeline });
  useShortcuts([
    ...screens.map((screen) => ({
      keys: `g ${screen.key}`,
      text: `Go to ${screen.name.toLowerCase()}`,
      run: () => go(screen),
    })),
    { keys: "/", text: "Search", run: () => search.current?.focus() },
    { keys: "?", text: "Show the keys", run: () => setOpen("help") },
  ]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("palette");
      } else handleKey(event);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const main = useFocusOnNewScreen();
  const { timeline = "wall" } = useSearch({ strict: false });
  const isReady = useIsNowKnown(timeline);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the screen
      </a>
      <nav aria-label="Screens">
        <p className="brand">Crossline</p>
        <ul>
          {screens.map(({ to, name, key }) => (
            <li key={to}>
              <Link
                to={to}
                search={keepTimeline}
                aria-keyshortcuts={`g ${key}`}
                activeOptions={{ includeSearch: false }}
              >
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <TopBar search={search} onPalette={() => setOpen("palette")} onHelp={() => setOpen("help")} />
      <Banner />
      <main id="main" ref={main} tabIndex={-1}>
        {isReady && (
          <Suspense fallback={<p aria-busy="true">Loading</p>}>
            <Outlet />
          </Suspense>
        )}
      </main>
      {open === "help" && <ShortcutHelp onClose={() => setOpen(undefined)} />}
      {open === "palette" && (
        <Suspense>
          <Palette screens={screens} onGo={go} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </div>
  );
}

/** Keeps the timeline when a person changes the screen. */
function keepTimeline({ timeline }: { timeline?: string }): { timeline?: string } {
  return timeline === undefined ? {} : { timeline };
}

/** Moves the focus to the main part when another screen opens, so that a screen reader begins there. */
function useFocusOnNewScreen() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current !== path) main.current?.focus({ preventScroll: true });
    last.current = path;
  }, [path]);
  return main;
}

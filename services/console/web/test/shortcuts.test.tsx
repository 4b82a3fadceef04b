import { userEvent } from "vitest/browser";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { type Shortcut, handleKey, switchSingleKeys, useShortcuts } from "../src/shell/shortcuts.ts";

function Screen({ shortcuts }: { readonly shortcuts: readonly Shortcut[] }) {
  useShortcuts(shortcuts);
  return <input aria-label="Field" />;
}

beforeEach(() => document.addEventListener("keydown", handleKey));
afterEach(() => {
  document.removeEventListener("keydown", handleKey);
  switchSingleKeys(true);
});

test("a single key and a sequence of two keys run their shortcuts", async () => {
  const claim = vi.fn<() => void>();
  const board = vi.fn<() => void>();
  await render(
    <Screen
      shortcuts={[
        { keys: "c", text: "Claim", run: claim },
        { keys: "g b", text: "Go to board", run: board },
      ]}
    />,
  );
  await userEvent.keyboard("c");
  await userEvent.keyboard("gb");
  expect([claim.mock.calls.length, board.mock.calls.length]).toEqual([1, 1]);
});

test("a key in a field is text, and no key works after the person has switched the keys off", async () => {
  const claim = vi.fn<() => void>();
  const screen = await render(<Screen shortcuts={[{ keys: "c", text: "Claim", run: claim }]} />);
  await screen.getByLabelText("Field").click();
  await userEvent.keyboard("c");
  (document.activeElement as HTMLElement).blur();
  switchSingleKeys(false);
  await userEvent.keyboard("c");
  expect(claim).not.toHaveBeenCalled();
  switchSingleKeys(true);
  await userEvent.keyboard("c");
  expect(claim).toHaveBeenCalledTimes(1);
});

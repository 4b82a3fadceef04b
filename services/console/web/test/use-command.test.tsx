import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { render } from "vitest-browser-react";
import { FormDialog } from "../src/ui/form-dialog.tsx";

test("a form that is sent twice in one moment has one idempotency key, and the next command has another one", async () => {
  const keys: string[] = [];
  const dialog = (name: string) => (
    <QueryClientProvider client={new QueryClient()}>
      <FormDialog
        key={name}
        title="Add a note"
        fields={() => [{ kind: "text", name: "text", label: "Text", initial: name }]}
        submitText="Send"
        onSubmit={(_, key) => {
          keys.push(key);
          return Promise.resolve();
        }}
        onClose={() => undefined}
      />
    </QueryClientProvider>
  );
  const screen = await render(dialog("first"));
  const send = (times: number): void => {
    for (let time = 0; time < times; time += 1) document.querySelector("form")?.requestSubmit();
  };
  send(2);
  await expect.poll(() => keys.length).toBeGreaterThan(0);
  expect(new Set(keys).size).toBe(1);
  await expect.element(screen.getByRole("button", { name: "Send" })).toHaveAttribute("aria-disabled", "false");
  send(1);
  await expect.poll(() => new Set(keys).size).toBe(2);
});

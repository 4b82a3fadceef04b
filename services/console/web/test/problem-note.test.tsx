import { expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { ResponseFault } from "../src/api/send.ts";
import { ProblemNote } from "../src/ui/problem-note.tsx";

test("a problem document is shown with its fields, its request id and a button that tries again", async () => {
  const retry = vi.fn<() => void>();
  const fault = new ResponseFault(
    422,
    {
      title: "This command needs evidence",
      detail: "Name a test and its result.",
      fields: [{ at: "/evidence/test", message: "is missing" }],
    },
    "0b8f8e0c-1111-4222-8333-444455556666",
  );
  const screen = await render(<ProblemNote fault={fault} onRetry={retry} />);
  await expect.element(screen.getByRole("alert").getByText("This command needs evidence")).toBeVisible();
  await expect.element(screen.getByText("/evidence/test")).toBeVisible();
  await expect.element(screen.getByRole("button", { name: "Copy the request id 0b8f8e0c" })).toBeVisible();
  await screen.getByRole("button", { name: "Try again" }).click();
  expect(retry).toHaveBeenCalledTimes(1);
});

test("a network fault says that Crossline is not reachable", async () => {
  const screen = await render(<ProblemNote fault={new TypeError("Failed to fetch")} />);
  await expect
    .element(screen.getByRole("alert").getByText("The network or the server is not reachable."))
    .toBeVisible();
});

test("a request id that the browser does not let copy is shown completely", async () => {
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new DOMException("no", "NotAllowedError"));
  const screen = await render(<ProblemNote fault={new ResponseFault(500, { title: "No" }, "0b8f8e0c-1111")} />);
  await screen.getByRole("button", { name: "Copy the request id 0b8f8e0c" }).click();
  await expect.element(screen.getByRole("status").getByText("0b8f8e0c-1111")).toBeVisible();
});

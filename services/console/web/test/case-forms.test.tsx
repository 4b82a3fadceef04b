import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { ResponseFault } from "../src/api/send.ts";
import { addEntry } from "../src/case/commands/entry.ts";
import { makePromise } from "../src/case/commands/work.ts";
import type { Situation } from "../src/case/commands/command.ts";
import type { CommandRequest } from "../src/ui/form-command.ts";
import { FormDialog, type FormValues } from "../src/ui/form-dialog.tsx";

const situation = {
  shown: { id: "cs_1", carrier: "northtel", crossedTo: ["orchard"] },
  me: { party: "northtel", scopes: ["cases"] },
  now: Date.parse("2026-03-07T14:20:00Z"),
  zone: "America/Toronto",
} as unknown as Situation;

type SentCommand = { readonly request: CommandRequest; readonly key: string };

const dialog = async (
  { text, fields, requestOf, submitText }: ReturnType<typeof addEntry>,
  respond: (sent: SentCommand) => Promise<unknown>,
) => {
  const onClose = vi.fn<() => void>();
  const onSubmit = (values: FormValues, key: string) => respond({ request: requestOf(values), key });
  const screen = await render(
    <StrictMode>
      <QueryClientProvider client={new QueryClient()}>
        <FormDialog title={text} fields={fields} submitText={submitText} onSubmit={onSubmit} onClose={onClose} />
      </QueryClientProvider>
    </StrictMode>,
  );
  return { screen, onClose };
};

test("a tried step is sent with its name and its outcome, and the dialog closes", async () => {
  const sent: SentCommand[] = [];
  const { screen, onClose } = await dialog(addEntry(situation), async (one) => sent.push(one));
  await expect.element(screen.getByLabelText("Kind")).toHaveFocus();
  await screen.getByLabelText("Kind").selectOptions("Tried step");
  await screen.getByLabelText("Step").fill("restart");
  await screen.getByLabelText("Outcome").selectOptions("worked");
  expect(onClose).not.toHaveBeenCalled();
  await screen.getByRole("button", { name: "Add the entry" }).click();
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
  expect(sent.map(({ request }) => request)).toEqual([
    {
      path: "/v1/cases/cs_1/entries",
      body: {
        kind: "step-tried",
        audience: "partners",
        step: { name: "restart", parameters: {}, outcome: "worked" },
      },
    },
  ]);
});

test("a local time of a promise is in the zone of the case", async () => {
  const sent: SentCommand[] = [];
  const { screen } = await dialog(makePromise(situation), async (one) => sent.push(one));
  await screen.getByLabelText("Promise", { exact: true }).fill("We call you back.");
  await screen.getByLabelText("Due by (time in Toronto)").fill("2026-03-07T17:30");
  await screen.getByRole("button", { name: "Promise", exact: true }).click();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.request.body).toEqual({
    text: "We call you back.",
    until: "2026-03-07T22:30:00Z",
    promisor: "northtel",
  });
});

test("a refusal keeps the texts, and its fault is at the field", async () => {
  const fault = new ResponseFault(
    400,
    { title: "The request is not valid", fields: [{ at: "/until", message: "must not be before 14:20" }] },
    "0b8f8e0c-1111-4222-8333-444455556666",
  );
  const { screen, onClose } = await dialog(makePromise(situation), () => Promise.reject(fault));
  await screen.getByLabelText("Promise", { exact: true }).fill("We call you back.");
  await screen.getByRole("button", { name: "Promise", exact: true }).click();
  await expect.element(screen.getByRole("alert").getByText("The request is not valid")).toBeVisible();
  const until = screen.getByLabelText("Due by (time in Toronto)");
  await expect.element(until).toHaveAttribute("aria-invalid", "true");
  await expect.element(until).toHaveAccessibleDescription("must not be before 14:20");
  await expect.element(screen.getByLabelText("Promise", { exact: true })).toHaveValue("We call you back.");
  expect(onClose).not.toHaveBeenCalled();
});

test("a repetition after a network fault has the same idempotency key, and a changed text has another one", async () => {
  const keys: string[] = [];
  const { screen } = await dialog(makePromise(situation), ({ key }) => {
    keys.push(key);
    return Promise.reject(new TypeError("Failed to fetch"));
  });
  const text = screen.getByLabelText("Promise", { exact: true });
  await text.fill("We call you back.");
  const submit = screen.getByRole("button", { name: "Promise", exact: true });
  for (const [count, words] of [
    [1, "We call you back."],
    [2, "We call you back."],
    [3, "We call you at ten."],
  ] as const) {
    await text.fill(words);
    await submit.click();
    await vi.waitFor(() => expect(keys).toHaveLength(count));
    await expect.element(submit).toBeEnabled();
  }
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[1]);
});

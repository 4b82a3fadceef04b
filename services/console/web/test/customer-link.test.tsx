import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { LinkDialog } from "../src/customer/link-dialog.tsx";
import "../src/styles/tokens.css";
import "../src/styles/base.css";

afterEach(() => vi.unstubAllGlobals());

type Command = { readonly method: string; readonly path: string; readonly body: unknown };

/** Shows the dialog. `respond` gives each response. */
async function show(respond: (sent: Command) => Response) {
  const sent: Command[] = [];
  vi.stubGlobal("fetch", (path: string, { method = "GET", body }: RequestInit = {}) => {
    const one = { method, path, body: typeof body === "string" ? JSON.parse(body) : undefined };
    sent.push(one);
    return Promise.resolve(respond(one));
  });
  const page = await render(
    <QueryClientProvider client={new QueryClient()}>
      <LinkDialog caseId="cs_1" onClose={() => undefined} />
    </QueryClientProvider>,
  );
  return { page, sent };
}

const link = { caseId: "cs_1", path: "/track#abc.def.ghi", expiresAt: "2026-12-30T10:00:00Z" };

test("makes a link with the chosen time and zone, and shows its whole address", async () => {
  const { page, sent } = await show(() => Response.json(link, { status: 201 }));
  await page.getByLabelText("The link works for").selectOptions("90 days");
  await page.getByLabelText("Time zone of the customer (optional)").fill(" Europe/Vienna ");
  await page.getByRole("button", { name: "Make a link" }).click();
  await expect.element(page.getByText(`${location.origin}/track#abc.def.ghi`)).toBeVisible();
  expect(sent).toEqual([
    {
      method: "POST",
      path: "/v1/cases/cs_1/customer-links",
      body: { expiresIn: "P90D", zone: "Europe/Vienna" },
    },
  ]);
});

test("shows the fault of the zone at its field", async () => {
  const { page } = await show(() =>
    Response.json(
      { title: "The request is wrong", fields: [{ at: "/zone", message: "must be a time zone" }] },
      { status: 400 },
    ),
  );
  await page.getByRole("button", { name: "Make a link" }).click();
  const zone = page.getByLabelText("Time zone of the customer (optional)");
  await expect.element(zone).toHaveAttribute("aria-invalid", "true");
});

test("ends all links, and no longer shows the link that it has made", async () => {
  const { page, sent } = await show(({ method }) =>
    method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(link, { status: 201 }),
  );
  await page.getByRole("button", { name: "Make a link" }).click();
  await page.getByRole("button", { name: "End all links of this case" }).click();
  await expect.element(page.getByText("All links of this case have ended.")).toBeVisible();
  expect(page.getByText("/track#abc").elements()).toEqual([]);
  expect(sent.at(-1)).toMatchObject({ method: "DELETE", path: "/v1/cases/cs_1/customer-links" });
});

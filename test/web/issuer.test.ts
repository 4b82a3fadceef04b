import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestIssuer, clientSecret, openIssuer } from "../scenarios/issuer.ts";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/* A person signs in at the issuer of their company, in a real browser and at a real issuer (oidc-provider). */

const people = { ada: { employee: "rep-7", crossline_roles: ["rep"] }, nora: { employee: "rep-9" } };

describe.skipIf(isSkipped)("signing in at an issuer", () => {
  let stage: Stage;
  let browser: Browser;
  let issuer: TestIssuer;
  let party: string;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    ({ party } = await stage.party("northtel", "carrier"));
    issuer = await openIssuer(stage, people, [{ name: party, sessionRequired: true }]);
    await stage.operator.put(`/v1/parties/${party}/issuer`, {
      issuer: issuer.url,
      clientId: party,
      clientSecret,
      personClaim: "employee",
    });
  });
  afterAll(() => Promise.all([browser?.close(), issuer?.close(), stage?.close()]));

  /** Opens a screen as a visitor whom the issuer knows as `person`, and sends the name of a company. */
  async function signInAs(person: string, company: string) {
    const visitor = await visit(browser, `${stage.url}/app/duty`, { refusals: true });
    await visitor.context.addCookies([{ name: "person", value: person, url: issuer.url }]);
    await visitor.page.getByLabel(/Your company/).fill(company);
    await visitor.page.keyboard.press("Enter");
    return visitor;
  }

  test("the person comes back to the screen that they wanted", async () => {
    const { page, end } = await signInAs("ada", party);
    await page.getByText("rep-7 · northtel").waitFor();
    expect(page.url()).toBe(`${stage.url}/app/duty`);
    await end();
  });

  test.each([
    ["a person without a role", "nora", "Your company gave you no role that fits Crossline."],
    ["a person whom the issuer refuses", "", "Your company gave you no role that fits Crossline."],
  ])("%s reads the reason on the sign-in screen", async (_who, person, reason) => {
    const { page, expectAccessible, end } = await signInAs(person, party);
    await page.getByRole("heading", { name: "You could not sign in" }).waitFor();
    await expect.poll(() => page.getByText(reason).isVisible()).toBe(true);
    expect(page.url()).not.toContain("refused");
    await expectAccessible();
    await end();
  });

  test("a company without an issuer is named as such", async () => {
    const { page, end } = await signInAs("ada", "no-such-company");
    await page.getByRole("heading", { name: "You could not sign in" }).waitFor();
    await expect.poll(() => page.getByText("This company signs its people in with links.").isVisible()).toBe(true);
    await end();
  });
});

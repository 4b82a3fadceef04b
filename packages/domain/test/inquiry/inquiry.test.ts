import type { LineDocument } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { hashIdentity, inquiryIdentities, joinsInquiry } from "../../src/index.ts";
import { PlayedCase, importer } from "../owed/played.ts";

/* Story 4: a would-be customer writes three forms and two mails, calls twice, and gets no answer. */

const sales = {
  clocks: [
    { kind: "first-response", target: "PT4H", warnAt: [] },
    { kind: "stall.idle", target: "P5D", warnAt: [] },
  ],
  crossing: [{ to: "roster:northtel.sales", mode: "ticket", acceptWithin: "PT15M", repeat: 1 }],
  lastResort: ["roster:northtel.duty"],
} as const satisfies Partial<LineDocument>;
const inquiry = () => new PlayedCase(structuredClone(sales) as never, { channel: "web", kind: "inquiry" });

describe("an inquiry", () => {
  test("counts every contact of the person as an attempt", () => {
    const played = inquiry();
    for (const channel of ["web", "web", "mail", "mail", "phone", "phone"] as const)
      played.contact("10:00", { channel }, importer);
    expect(played.whole.intake.inquiry).toMatchObject({ attempts: 7 });
    expect(played.clock("first-response")).toEqual({ since: "case/1", due: "13:00" });
  });

  test("⚠ an automatic reply, a link and a change of the status never meet the first response", () => {
    const played = inquiry()
      .contact("10:00", { direction: "outbound", content: "auto-reply" })
      .contact("10:01", { direction: "outbound", content: "article" })
      .command("10:02", { type: "change-status", to: "inProgress" });
    expect(played.clock("first-response")?.due).toBe("13:00");
    expect(played.whole.intake.inquiry?.attempts).toBe(1);
  });

  test("the breach names an owner, and routing pages until a person takes the inquiry", () => {
    const played = inquiry().until("13:01");
    expect(played.pages("step")).toEqual(["13:00 northtel.sales"]);
    expect(played.whole.intake.inquiry?.owner).toMatchObject({
      party: "northtel",
      person: "northtel.sales",
      by: "paged",
    });
    played.until("13:20");
    expect(played.pages("last-resort")[0]).toBe("13:15 northtel.duty");
    expect(played.whole.intake.inquiry?.owner?.person).toBe("northtel.duty");
  });

  test("an answer in time causes no page", () => {
    expect(inquiry().answer("12:00").until("18:00").pages("step")).toEqual([]);
  });

  test("the first response of another kind of case pages no person", () => {
    const played = new PlayedCase(structuredClone(sales) as never, { channel: "web", kind: "fault" }).until("14:00");
    expect(played.breaches("first-response")).toEqual(["13:00"]);
    expect(played.pages("step")).toEqual([]);
    expect(played.whole.intake.inquiry).toBeUndefined();
  });
});

describe("the identities of an inquiry", () => {
  test("a contact number and a caller's number are the same identity", () => {
    expect(inquiryIdentities({ phone: "+1 (416) 555-0112" })).toContain("tel:14165550112");
    expect(inquiryIdentities({ msisdn: "+14165550112" })).toContain("tel:14165550112");
    expect(new Set(inquiryIdentities({ phone: "+14165550112", msisdn: "+14165550112" }).map(hashIdentity)).size).toBe(
      2,
    );
  });

  test("a text that is no number is no identity", () => {
    expect(inquiryIdentities({ phone: "after six" })).toEqual([]);
  });

  test("a contact that names a device is not about an inquiry", () => {
    expect(joinsInquiry({ imei: "490154203237518" })).toBe(false);
    expect(joinsInquiry({ email: "ann@customer.example", msisdn: "+14165550112" })).toBe(true);
  });
});

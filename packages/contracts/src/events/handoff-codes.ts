import { z } from "zod";

/** The reasons for a rejection. */
export const rejectCode = z.enum([
  "not-our-device",
  "not-our-fault",
  "missing-information",
  "no-capacity",
  "duplicate",
]);
/** The reasons for a return. Every return needs evidence. */
export const returnCode = z.enum([
  "not-our-fault",
  "bad-data",
  "missing-information",
  "cannot-reproduce",
  "belongs-to-carrier",
  "belongs-to-third-party",
]);
/** The reasons for a transfer. */
export const transferCode = z.enum(["wrong-team", "wrong-vendor", "needs-specialist", "component-of-other"]);
/** The reasons for an information request. */
export const informationCode = z.enum(["missing-item", "unclear-symptom", "needs-log", "needs-test", "needs-customer"]);

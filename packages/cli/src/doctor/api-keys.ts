import { publicDefault } from "@crossline/service";
import { createClient, isAccepted } from "../client.ts";
import { secretsOf } from "../connection.ts";
import { setting } from "../env-file.ts";
import { readState } from "../keys.ts";
import { type CheckResult, fault, ok, warning } from "./check-result.ts";

type KeyToCheck = {
  readonly check: string;
  /** The possible keys. One accepted key is enough. */
  readonly keys: readonly string[];
  /** A route that accepts only such a key. */
  readonly path: string;
  readonly whenAbsent: CheckResult;
};

/** Checks that the keys of the operator and of the companies are present, and that Crossline accepts them. */
export function checkKeys(url: string): Promise<CheckResult[]> {
  const saved = readState("northtel.header")?.replace(/^Authorization: Bearer /, "");
  const companyKey = setting("CROSSLINE_KEY") ?? saved;
  const vendorKey = setting("CROSSLINE_VENDOR_KEY");
  const keys: readonly KeyToCheck[] = [
    {
      check: "operator's key",
      keys: secretsOf("OPERATOR_KEY"),
      path: "/v1/parties?limit=1",
      whenAbsent: ok("operator's key", "is absent; only the operator needs it"),
    },
    {
      check: "company's key",
      keys: companyKey === undefined ? [] : [companyKey],
      path: "/v1/cases?limit=1",
      whenAbsent: warning("company's key", "is absent", "set CROSSLINE_KEY, or run `crossline bootstrap`"),
    },
    {
      check: "vendor's key",
      keys: vendorKey === undefined ? [] : [vendorKey],
      path: "/v1/queues",
      whenAbsent: ok("vendor's key", "is absent; only a vendor's desk needs it"),
    },
  ];
  return Promise.all(keys.map((key) => checkKey(url, key)));
}

async function checkKey(url: string, { check, keys, path, whenAbsent }: KeyToCheck): Promise<CheckResult> {
  if (keys.length === 0) return whenAbsent;
  try {
    for (const key of keys) {
      if (!(await isAccepted(createClient(url, key).get(path)))) continue;
      if (key.startsWith(publicDefault)) return warning(check, "is the public default", "set your own key in .env");
      return ok(check, "is accepted");
    }
  } catch {
    return warning(check, "could not be checked", "fix the faults above first");
  }
  return fault(check, `is not accepted at ${url}`, "create a new key, and set it");
}

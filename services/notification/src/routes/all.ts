import type { Authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";
import { type Caller, type Http, authenticated } from "@crossline/service";
import type { Settings } from "../config.ts";
import { serveDeliveries, serveRedelivery } from "./deliveries.ts";
import { serveRingTests } from "./ring-tests.ts";
import { serveLastResortSecrets, serveSubscriptionSecrets } from "./secrets.ts";
import { serveSubscriptions } from "./subscriptions.ts";

export type NotificationRouteDeps = {
  readonly database: Database;
  readonly settings: Pick<Settings, "privateAddresses" | "subscriptionsMax" | "mail">;
  readonly authenticate: Authenticator;
  /** The milliseconds after which a delivery is abandoned. */
  readonly giveUpMs: { readonly subscription: number; readonly lastResort: number };
  /** Wakes the delivery loop. A route calls this function after a commit that made a delivery due. */
  readonly wake: () => void;
};

/** Registers all routes of notification. */
export async function serveNotification(http: Http, deps: NotificationRouteDeps): Promise<void> {
  const { database, authenticate, giveUpMs, wake } = deps;
  const { privateAddresses, subscriptionsMax, mail } = deps.settings;
  const withCallers = async (kinds: readonly Caller["kind"][], serve: (own: Http) => void): Promise<void> => {
    await http.register(async (own) => {
      own.addHook("onRequest", authenticated(authenticate, kinds));
      serve(own);
    });
  };
  await withCallers(["carrier", "vendor"], (own) => {
    serveSubscriptions(own, { database, privateAddresses, mails: mail !== undefined, most: subscriptionsMax });
    serveRedelivery(own, { database, giveUpMs, wake });
    serveSubscriptionSecrets(own, { database });
    serveLastResortSecrets(own, { database });
  });
  await withCallers(["carrier", "vendor", "operator"], (own) => {
    serveDeliveries(own, { database });
    serveRingTests(own, { database });
  });
}

import { type RateLimit, noRateLimit, shareOut } from "@crossline/domain";

/** The reason why admission refuses a request. The reason is a label of the metric `crossline_intake_refused_total`. */
export type AdmissionRefusal = "full" | "full-share" | "gate" | "gate-share";

export type AdmissionDeps = {
  /** The maximum number of concurrent requests, over all parties. */
  readonly requestsMax: number;
  /** Admission calls this function at the first command after an idle period. */
  readonly onBusy?: () => void;
  readonly onRefused?: (reason: AdmissionRefusal) => void;
  /** Returns the current time in milliseconds. Only tests replace this function. */
  readonly clock?: () => number;
};

/**
 * Admits or refuses requests. Admission shares two limits fairly among the parties that are sending requests:
 *
 * - Concurrent requests. A party may use at most as many places as are still free (dynamic thresholds: Choudhury and Hahne, 1998). A
 *   party that floods alone gets half of all places. Two flooding parties get a third of the places each. A new party therefore always
 *   finds a place.
 * - Commands per second. `workers/pressure.ts` sets the rate limit while the backlog of the services is too long. Admission divides the
 *   budget of each window among the parties by their recent demand. Admission refuses no party that sends few commands.
 *
 * A party above its share gets the response 429, or 503 if no other party sends requests. If no place is free, every party gets 503.
 */
export type Admission = {
  /** Admits a request, or returns the reason for its refusal. The caller must call `leave` when an admitted request ends. */
  enter(party: string, isCommand: boolean): AdmissionRefusal | undefined;
  leave(party: string): void;
  setLimit(limit: RateLimit): void;
  limit(): RateLimit;
  /** Returns the number of commands that were admitted since the last call of this function. */
  admitted(): number;
  /** Starts an idle period. At the next command, admission calls `onBusy`. */
  idle(): void;
  /** Returns the number of admitted requests that have not ended. */
  atWork(): number;
};

const windowMs = 100;
// After each window, admission multiplies the earlier demand of each party by this factor. Demand therefore counts for about
// half a second.
const fading = 0.8;
const forgottenBelow = 0.5;

/** Creates an admission without a rate limit. */
export function createAdmission(deps: AdmissionDeps): Admission {
  const { requestsMax, onBusy = () => {}, onRefused = () => {}, clock = () => performance.now() } = deps;
  const requests = createConcurrentRequests(requestsMax);
  const window = createWindow(clock);
  let limit = noRateLimit;
  let admittedCommands = 0;
  let isIdle = true;

  function refusalOf(party: string, isCommand: boolean): AdmissionRefusal | undefined {
    const full = requests.refuses(party);
    if (full !== undefined) return full;
    return isCommand && limit.perSecond !== Infinity ? window.take(party, limit) : undefined;
  }

  return {
    enter(party, isCommand) {
      if (isCommand && isIdle) {
        isIdle = false;
        onBusy();
      }
      const refused = refusalOf(party, isCommand);
      if (refused !== undefined) {
        onRefused(refused);
        return refused;
      }
      requests.add(party);
      if (isCommand) admittedCommands++;
      return undefined;
    },
    leave: (party) => requests.remove(party),
    setLimit: (next) => void (limit = next),
    limit: () => limit,
    admitted() {
      const count = admittedCommands;
      admittedCommands = 0;
      return count;
    },
    idle: () => void (isIdle = true),
    atWork: () => requests.size(),
  };
}

/** Creates the limit of concurrent requests, with a count for each party. */
function createConcurrentRequests(max: number) {
  const byParty = new Map<string, number>();
  let all = 0;
  return {
    refuses(party: string): AdmissionRefusal | undefined {
      if (all >= max) return "full";
      const own = byParty.get(party) ?? 0;
      if (own < max - all) return undefined;
      return own === all ? "full" : "full-share";
    },
    add(party: string): void {
      all++;
      byParty.set(party, (byParty.get(party) ?? 0) + 1);
    },
    remove(party: string): void {
      all--;
      const left = (byParty.get(party) ?? 1) - 1;
      if (left === 0) byParty.delete(party);
      else byParty.set(party, left);
    },
    size: () => all,
  };
}

/**
 * Creates the rate limit of commands. At the start of each window (a tenth of a second), the rate limiter divides the window's
 * budget among the parties.
 */
function createWindow(clock: () => number) {
  const demands = new Map<string, number>();
  let requested = new Map<string, number>();
  let used = new Map<string, number>();
  let shares = new Map<string, number>();
  let budget = 0;
  let since = -Infinity;

  function startWindow(now: number, { perSecond }: RateLimit): void {
    const windows = Math.min(20, Math.floor((now - since) / windowMs));
    for (const [party, demand] of demands) {
      const faded = Math.max(requested.get(party) ?? 0, demand * fading ** windows);
      if (faded < forgottenBelow) demands.delete(party);
      else demands.set(party, faded);
    }
    for (const [party, count] of requested) demands.set(party, Math.max(count, demands.get(party) ?? 0));
    budget = (perSecond * windowMs) / 1000;
    shares = shareOut(budget, demands);
    requested = new Map();
    used = new Map();
    since = now;
  }

  return {
    take(party: string, limit: RateLimit): AdmissionRefusal | undefined {
      const now = clock();
      if (now - since >= windowMs) startWindow(now, limit);
      requested.set(party, (requested.get(party) ?? 0) + 1);
      const own = used.get(party) ?? 0;
      // A party whose demand grows gets at least an equal share. The commands of a window can therefore exceed the budget slightly.
      const share = Math.max(
        shares.get(party) ?? 0,
        budget / Math.max(1, demands.has(party) ? demands.size : demands.size + 1),
      );
      if (own < share) {
        used.set(party, own + 1);
        return undefined;
      }
      return demands.size > 1 || (demands.size === 1 && !demands.has(party)) ? "gate-share" : "gate";
    },
  };
}

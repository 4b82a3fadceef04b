import { type PresentedChange, formatDuration, formatInstant } from "@crossline/contracts";
import { type AnnouncedChange, type Receipt, countReceipts, lateByMs } from "@crossline/domain";

/** Returns a change as a company reads it. An affected company reads only its own receipt. */
export function presentAnnouncedChange(state: AnnouncedChange, viewer: string): PresentedChange {
  const { by, startsAt, endsAt, announcedAt, confirmBy, withdrawn, scope } = state;
  const lateMs = lateByMs(state);
  const own = state.receipts.find(({ company }) => company === viewer);
  return {
    id: state.id,
    by,
    timeline: state.timeline,
    title: state.title,
    description: state.description,
    mustDo: state.mustDo,
    startsAt: formatInstant(startsAt),
    endsAt: endsAt === undefined ? undefined : formatInstant(endsAt),
    symptoms: [...state.symptoms],
    affected: {
      vendor: scope.vendor,
      models: scope.models && [...scope.models],
      regions: scope.regions && [...scope.regions],
      identities: scope.identities,
    },
    announcedAt: formatInstant(announcedAt),
    late: lateMs !== undefined,
    lateBy: lateMs === undefined ? undefined : formatDuration(lateMs),
    confirmBy: formatInstant(confirmBy),
    withdrawn: withdrawn && { at: formatInstant(withdrawn.at), reason: withdrawn.reason },
    receipt: own && presentReceipt(own),
    receiptCounts: viewer === by ? countReceipts(state) : undefined,
  };
}

/** Returns the receipts of all affected companies for the announcer; undefined for every other company. */
export function presentReceipts({ by, receipts }: AnnouncedChange, viewer: string) {
  if (viewer !== by) return undefined;
  return receipts.map((receipt) => ({ company: receipt.company, ...presentReceipt(receipt) }));
}

function presentReceipt(receipt: Receipt): NonNullable<PresentedChange["receipt"]> {
  if (receipt.is !== "confirmed") return { state: receipt.is };
  const { at, person, wasOverdue } = receipt;
  return { state: "confirmed", confirmedAt: formatInstant(at), person, ...(wasOverdue && { wasOverdue }) };
}

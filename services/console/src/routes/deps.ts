import type { Authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";
import type { CompiledLines } from "@crossline/projection/compiled-lines";
import type { FastifyRequest } from "@crossline/service";
import type { Issuers } from "../issuers/issuers.ts";
import type { Streams } from "../streams/streams.ts";

/** The dependencies of the routes. */
export type RouteDeps = {
  readonly database: Database;
  readonly authenticate: Authenticator;
  readonly lines: CompiledLines;
  readonly streams: Streams;
  /** Records a stream as a read when it opens. */
  readonly recordRead: (request: FastifyRequest) => void;
  readonly issuers: Issuers;
  readonly internalKey: string;
  /** The public address of Crossline, without a slash at the end. */
  readonly publicUrl: string | undefined;
  readonly partitions: number;
  /** True if the broker keeps records, so that the console can read them again. */
  readonly keepsRecords: boolean;
  /** The number of records that this process has not applied yet. */
  readonly behind: () => number;
  /** Runs after a reset of the inbox. */
  readonly onReset: () => void;
};

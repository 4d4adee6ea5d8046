/** How a look-up ends: the exit codes, and the failure that carries one. */

/** The exit codes of `npm run lookup`. They are part of its interface: scripts rely on them. */
export const EXIT = {
  /** Found; or a summary was printed, even one of no failures. */
  found: 0,
  /** No record has this ID. */
  notFound: 1,
  /** The ID or the command line is malformed. */
  usage: 2,
  /** No API token or no account ID in the environment. */
  credentials: 3,
  /** Cloudflare refused the API token. */
  permission: 4,
  /** Nothing answered: Cloudflare's API or wrangler dev could not be reached. */
  network: 5,
  /** Something answered, but not with a result. */
  api: 6,
  /** This program broke. Node's own code for that, 1, would read as "no such ID". */
  bug: 7,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A look-up that ends without a result. The message is for people, in full sentences. */
export class LookupFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

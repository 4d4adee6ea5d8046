/** How a look-up ends: the exit codes, and the failure that carries one. */

/** The exit codes. They are part of the interface: scripts rely on them. */
export const EXIT = {
  found: 0,
  notFound: 1,
  usage: 2,
  credentials: 3,
  permission: 4,
  network: 5,
  api: 6,
  bug: 7,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each of them means, for the help. */
export const EXIT_MEANINGS = {
  [EXIT.found]: 'found; or a summary was printed, even one of no failures',
  [EXIT.notFound]: 'no such ID: unknown, too old, or from the future',
  [EXIT.usage]: 'the ID or an option is malformed',
  [EXIT.credentials]: 'CLOUDFLARE_ACCOUNT_ID or CLOUDFLARE_API_TOKEN is missing',
  [EXIT.permission]: 'Cloudflare refused the token',
  [EXIT.network]: 'Cloudflare, or wrangler dev, could not be reached',
  [EXIT.api]: 'Cloudflare, or wrangler dev, answered with an error',
  // Node's own code for that, 1, would read as "no such ID".
  [EXIT.bug]: 'this program broke',
};

/** A look-up that ends without a result. The message is for people, in full sentences. */
export class LookupFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

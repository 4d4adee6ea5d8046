/** The hostile origin and application, and the Workers around them. */
import { rm } from 'node:fs/promises';
import { buildLibraryBundle } from '../library-bundle.ts';
import type { PlainOptions } from '../plain-workerd.ts';
import { hostileApplication } from './application.ts';
import { startHostileOrigin } from './origin.ts';

/** The source of an error. */
export interface HostileSite {
  /** The ways to put the Worker in front: with `ORIGIN_URL`, on a route, or around an application. */
  readonly workers: readonly [PlainOptions, PlainOptions, PlainOptions];
  /** Faults of the requests that arrived at the origin, in words. */
  readonly wrong: readonly string[];
  stop(): Promise<void>;
}

export async function startHostileSite(seed: number, bundle: string): Promise<HostileSite> {
  const application = await buildLibraryBundle(hostileApplication);
  const origin = await startHostileOrigin(seed);
  return {
    workers: [
      { bundle, vars: { ORIGIN_URL: `http://${origin.host}` } },
      { bundle, route: origin.host },
      { bundle: application },
    ],
    wrong: origin.wrong,
    async stop() {
      await origin.stop();
      await rm(application, { recursive: true });
    },
  };
}

/** The two ways to put the Worker in front of an origin. Every promise has to hold in both. */
import type { WorkerdOptions } from './workerd.ts';

type Placement = Pick<WorkerdOptions, 'vars' | 'route'>;

/** For `describe.each`: the name of each way, the options that start a Worker so, and the same without our code. */
export const placements = [
  {
    placement: 'with ORIGIN_URL',
    inFrontOf: (host: string, vars: WorkerdOptions['vars'] = {}): Placement => ({
      vars: { ...vars, ORIGIN_URL: `http://${host}` },
    }),
    bareWorker: `export default {
      fetch(request, { ORIGIN_URL }) {
        return fetch(new Request(ORIGIN_URL + request.url.slice(request.url.indexOf('/', 8)), request));
      },
    }`,
  },
  {
    placement: 'on a route',
    inFrontOf: (host: string, vars: WorkerdOptions['vars'] = {}): Placement => ({ vars, route: host }),
    bareWorker: 'export default { fetch: (request) => fetch(request) }',
  },
] as const;

/** The two ways to put the Worker in front of an origin. What holds for one has to hold for the other. */
import type { WorkerdOptions } from './workerd.ts';

type Placement = Pick<WorkerdOptions, 'vars' | 'route'>;

/** For `describe.each`: each form's name, the options that put a Worker there, and the same without our code. */
export const forms = [
  {
    form: 'with ORIGIN_URL',
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
    form: 'on a route',
    inFrontOf: (host: string, vars: WorkerdOptions['vars'] = {}): Placement => ({ vars, route: host }),
    bareWorker: 'export default { fetch: (request) => fetch(request) }',
  },
] as const;

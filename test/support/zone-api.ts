/**
 * A server that answers like Cloudflare's API for zones and Worker routes, by its documentation:
 * https://developers.cloudflare.com/api/resources/zones/methods/list/
 * https://developers.cloudflare.com/api/resources/workers/subresources/routes/
 */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { listen } from '../../src/cli/dev/origin/listener.ts';

const ZONE_TOKEN = 'token-that-may-edit-routes';
const ZONE_ID = '023e105f4ecef8ad9ca31a8372d0c353';

export interface ZoneRoute {
  readonly id: string;
  readonly pattern: string;
  /** The name of the Worker. Absent if requests on the route go past every Worker. */
  readonly script?: string;
  readonly request_limit_fail_open?: boolean;
}

export interface ZoneApi {
  readonly env: Readonly<Record<string, string>>;
  readonly routes: Map<string, ZoneRoute>;
  /** The method and the path of each request. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Starts a server with one zone and these routes. A PUT replaces a whole route, as Cloudflare's does. */
export async function startZoneApi(zone: string, routes: readonly ZoneRoute[]): Promise<ZoneApi> {
  const held = new Map(routes.map((route) => [route.id, route]));
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://api.invalid');
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    const answer = (status: number, result: unknown, error?: { code: number; message: string }) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      const errors = error === undefined ? [] : [error];
      response.end(JSON.stringify({ success: error === undefined, errors, messages: [], result }));
    };
    if (request.headers.authorization !== `Bearer ${ZONE_TOKEN}`)
      return answer(403, null, { code: 10000, message: 'Authentication error' });
    if (url.pathname === '/client/v4/zones')
      return answer(
        200,
        url.searchParams.get('name') === zone ? [{ id: ZONE_ID, name: zone, status: 'active' }] : [],
      );
    const [, id] =
      /^\/client\/v4\/zones\/023e105f4ecef8ad9ca31a8372d0c353\/workers\/routes(?:\/(\w+))?$/.exec(
        url.pathname,
      ) ?? [];
    if (id === undefined)
      // The list does not say what happens beyond the Free plan's limit.
      return answer(
        200,
        [...held.values()].map((route) => ({ ...route, request_limit_fail_open: undefined })),
      );
    const route = held.get(id);
    if (route === undefined) return answer(404, null, { code: 10002, message: 'Could not find route' });
    if (request.method === 'PUT') {
      const body = await json(request);
      if (
        typeof body !== 'object' ||
        body === null ||
        !('pattern' in body) ||
        typeof body.pattern !== 'string'
      )
        return answer(400, null, { code: 10022, message: 'Invalid pattern' });
      held.set(id, { ...body, id, pattern: body.pattern });
    }
    return answer(200, held.get(id));
  });
  const { host, stop } = await listen(server);
  return {
    env: { CLOUDFLARE_API_TOKEN: ZONE_TOKEN, CLOUDFLARE_BASE_URL: `http://${host}/client/v4` },
    routes: held,
    asked,
    close: stop,
  };
}

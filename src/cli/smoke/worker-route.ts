/**
 * Checks the route that leads to the Worker. After the 100,000 requests a day of the Free plan, a route that is fail
 * open lets requests go past the Worker to the site. Any other route answers them with error 1027.
 * https://developers.cloudflare.com/workers/platform/limits/#request-limits
 */
import { property, textProperty } from '../../untrusted.ts';
import { cloudflareApi, CloudflareRefusal, type AskCloudflare } from '../cloudflare-api.ts';
import type { Surroundings } from '../command.ts';
import { routeOf } from '../route-pattern.ts';
import { cloudflareToken } from '../wrangler.ts';
import { commandLine } from '../terminal.ts';
import { failed, passed, type Check } from './check.ts';

/**
 * Looks the route of a URL up, and sets it to fail open if that is wanted. A route that cannot be looked up fails
 * only if it was to be changed.
 */
export async function* checkRoute(
  url: URL,
  wantsFailOpen: boolean,
  env: Surroundings['env'],
): AsyncGenerator<Check> {
  let undone = 'The route was not opened';
  try {
    const token = await cloudflareToken(env);
    if (token === undefined)
      throw new CloudflareRefusal(
        'there is no CLOUDFLARE_API_TOKEN, and wrangler is not logged in (npx wrangler login)',
      );
    const ask = cloudflareApi(token, env);
    const path = `/zones/${await zoneOf(url.hostname, ask)}/workers/routes`;
    const list = await ask(path);
    const routes = (Array.isArray(list) ? list : []).map(readRoute);
    const pathOf = ({ id }: Route): string => `${path}/${encodeURIComponent(id)}`;
    // The list of routes does not say it.
    const isFailOpen = async (one: Route): Promise<boolean> =>
      property(await ask(pathOf(one)), 'request_limit_fail_open') === true;

    const route = routeOf(routes, url);
    if (route === undefined) return yield failed(`No Worker route of the zone matches ${url.href}.`);
    const { pattern, script } = route;
    if (script === '')
      return yield failed(`The route ${pattern} matches, and takes requests past every Worker.`);
    yield passed(`The route ${pattern} leads to ${script}.`);
    if (await isFailOpen(route)) {
      yield passed('It is fail open: beyond the limit of requests the site itself answers.');
    } else if (wantsFailOpen) {
      await ask(pathOf(route), { method: 'PUT', body: { pattern, script, request_limit_fail_open: true } });
      yield (await isFailOpen(route))
        ? passed('It is fail open now. A later deploy may close it: run smoke again then.')
        : failed('Cloudflare accepted the change, but the route is still not fail open.');
    } else {
      yield {
        mark: '!',
        text: `It is not fail open: beyond the Free plan's 100,000 requests a day, every visitor would get Cloudflare's error 1027. To open it:`,
        next: commandLine('smoke', [url.href, '--fail-open']),
      };
    }
    if (!wantsFailOpen) return;
    undone = 'The other routes of the Worker were not looked up';
    for (const other of routes.filter((one) => one !== route && one.script === script))
      if (!(await isFailOpen(other)))
        yield {
          mark: '!',
          text: `The route ${other.pattern} is fail closed: run smoke --fail-open for a URL on it, too.`,
        };
  } catch (error) {
    if (!(error instanceof CloudflareRefusal)) throw error;
    const why = `${error.message}. The token needs the permissions "Zone > Zone > Read" and "Zone > Workers Routes > ${wantsFailOpen ? 'Edit' : 'Read'}".`;
    yield wantsFailOpen
      ? failed(`${undone}: ${why}`)
      : { mark: '!', text: `Whether the route is fail open was not looked up: ${why}` };
  }
}

/** The ID of the zone of a host. The zone has the name of the host, or of a part that the host ends with. */
async function zoneOf(hostname: string, ask: AskCloudflare): Promise<string> {
  const labels = hostname.split('.');
  for (let start = 0; start < labels.length - 1; start++) {
    const zones = await ask(`/zones?name=${encodeURIComponent(labels.slice(start).join('.'))}`);
    const id = textProperty(Array.isArray(zones) ? zones[0] : undefined, 'id');
    if (/^\w+$/.test(id)) return id;
  }
  throw new CloudflareRefusal(`the token's account has no zone of ${hostname}`);
}

type Route = ReturnType<typeof readRoute>;

/** The parts of a route. Without a `script` it takes its requests past every Worker. */
function readRoute(route: unknown) {
  const part = (name: string): string => textProperty(route, name);
  return { id: part('id'), pattern: part('pattern'), script: part('script') };
}

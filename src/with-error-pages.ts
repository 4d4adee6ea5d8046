/** The whole product as one function around a Worker. */
import { askApplication } from './application.ts';
import { intercept } from './intercept.ts';
import { pageWith, type PageOptions } from './page/page.ts';
import type { Language, LanguageTag } from './page/languages.ts';
import { settingsReader } from './read-settings.ts';
import { settingNames, type SettingName, type SettingsInput } from './settings.ts';
import { property } from './untrusted.ts';

export { onError, type ErrorContext } from './on-error.ts';
export type { Language, LanguageTag, PageOptions, SettingName, SettingsInput };

/** What a Worker exports: an object with a fetch handler, such as a Hono app, an `ExportedHandler` or a router. */
export interface WorkerObject {
  fetch?(request: never, env: never, ctx: never): unknown;
}

/** What a Worker exports instead: a class, such as a `WorkerEntrypoint` or a Durable Object. */
export type WorkerClass = new (ctx: never, env: never) => { fetch?(request: never): unknown };

/**
 * Puts error pages around a Worker: what it throws, and every 5xx that it returns, becomes a 500 page with a
 * request ID, and one record in Workers Logs with the same ID. The Worker finds that ID in the request header
 * `X-Request-Id`. Other answers pass as they are, thrown ones too (a Response, Hono's HTTPException); other
 * handlers and methods stay what they were, and the new fetch handler never rejects.
 * @param worker an object with a fetch handler, or a class with a fetch method
 * @param settings win over variables of the same names in `env`; a bad value is warned of and not used, and
 *   those about the origin have no effect, as the Worker itself answers
 * @param pageOptions another template, other texts
 * @returns the same Worker with another fetch handler
 * @throws TypeError where there is no fetch handler
 * @example
 * app.onError(onError);
 * export default withErrorPages(app, { SUPPORT_URL: 'mailto:help@shop.example' });
 */
export function withErrorPages<Worker extends WorkerObject | WorkerClass>(
  worker: Worker,
  settings: SettingsInput = {},
  pageOptions: PageOptions = {},
): Worker {
  const page = pageWith(pageOptions);
  const settingsFor = settingsReader((env) => merge(env, settings));

  return around(worker, (request, env, ctx, ask) => {
    const settings = settingsFor(env);
    const surroundings = { settings, page, waitUntil: (work: Promise<void>) => ctx.waitUntil(work) };
    return intercept(request, surroundings, (onward) => askApplication(onward, ctx, () => ask(onward)));
  });
}

type Answer = (
  request: Request,
  env: unknown,
  ctx: ExecutionContext,
  ask: (onward: Request) => unknown,
) => Promise<Response>;

function around<Worker extends WorkerObject | WorkerClass>(worker: Worker, answer: Answer): Worker;
function around(worker: WorkerObject | EntrypointClass, answer: Answer): unknown {
  return typeof worker === 'function' ? aroundClass(worker, answer) : aroundObject(worker, answer);
}

/** The same object, whose fetch handler is another. */
function aroundObject(worker: object, answer: Answer): unknown {
  const handler = property(worker, 'fetch');
  if (typeof handler !== 'function') {
    throw new TypeError('withErrorPages needs a Worker: an object or a class with a fetch handler');
  }
  const fetch = (request: Request, env: unknown, ctx: ExecutionContext) =>
    answer(request, env, ctx, (onward) => Reflect.apply(handler, worker, [onward, env, ctx]));
  return new Proxy(worker, {
    get(target, name) {
      if (name === 'fetch') return fetch;
      const value: unknown = Reflect.get(target, name);
      // Private members are the object's own, not the Proxy's.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A class like it, whose fetch method is another. */
function aroundClass(worker: EntrypointClass, answer: Answer): unknown {
  if (typeof property(worker.prototype, 'fetch') !== 'function') {
    throw new TypeError(
      `withErrorPages needs a fetch method: class ${worker.name} has none on its prototype`,
    );
  }
  return class extends worker {
    readonly #ctx: ExecutionContext;
    readonly #env: unknown;

    constructor(ctx: ExecutionContext, env: unknown) {
      super(ctx, env);
      this.#ctx = ctx;
      this.#env = env;
    }

    override fetch(request: Request): Promise<Response> {
      return answer(request, this.#env, this.#ctx, (onward) => super.fetch(onward));
    }
  };
}

type EntrypointClass = new (ctx: ExecutionContext, env: unknown) => { fetch(request: Request): unknown };

// Those about the origin are for the Worker that asks one; here they may be variables of the application.
const USED = [
  ...settingNames.filter((name) => name !== 'ORIGIN_URL' && name !== 'ORIGIN_TIMEOUT_MS'),
  'CF_VERSION_METADATA',
];

function merge(env: unknown, settings: SettingsInput): unknown {
  return Object.fromEntries(USED.map((name) => [name, property(settings, name) ?? property(env, name)]));
}

/** The whole product, as one function around a Worker. */
import { askApplication } from './application.ts';
import { intercept } from './intercept.ts';
import { pageWith, type PageOptions } from './page/page.ts';
import type { Language, LanguageTag } from './page/languages.ts';
import { namesInUse, settingsReader } from './read-settings.ts';
import type { SettingName, SettingsInput } from './settings.ts';
import { attempt, property } from './untrusted.ts';

export { onError, type ErrorContext } from './on-error.ts';
export type { Language, LanguageTag, PageOptions, SettingName, SettingsInput };

/** An object with a fetch handler that a Worker exports: a Hono app, an `ExportedHandler`, a router. */
export interface WorkerObject {
  fetch?(request: never, env: never, ctx: never): unknown;
}

/** A class that a Worker exports: a `WorkerEntrypoint` or a Durable Object. */
export type WorkerClass = new (ctx: never, env: never) => { fetch?(request: never): unknown };

/**
 * Puts error pages around a Worker. Every exception, and every 5xx that it returns, becomes a 500 page with a
 * request ID, and one record in Workers Logs with the same ID. The Worker finds that ID in the request header
 * `X-Edge-Request-Id`. Other answers pass unchanged, also thrown ones (a Response, Hono's HTTPException). Other
 * handlers and methods stay as they are. The new fetch handler never rejects.
 * @param worker an object with a fetch handler, or a class whose instances have one
 * @param settings win over variables of the same names in `env`. A bad value is not used, and a warning names it
 * @param pageOptions your own template and texts for the page
 * @returns the same Worker with another fetch handler
 * @throws TypeError if there is no fetch handler
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
  const settingsFor = settingsReader((env) =>
    Object.fromEntries(namesInUse().map((name) => [name, property(settings, name) ?? property(env, name)])),
  );

  return around(worker, (request, env, ctx, ask) => {
    const means = {
      settings: settingsFor(env),
      page,
      waitUntil: (work: Promise<void>) => ctx?.waitUntil(work),
    };
    const real = realRequest(request);
    return intercept(real, means, (copy, requestId) => {
      const handed = real === request ? copy : request;
      return askApplication(handed, requestId, () =>
        ctx === undefined ? askOutsideOfWorkers(request, handed, ask) : ask(handed),
      );
    });
  });
}

/** A real Request for the interceptor. Tests may pass an object like a Request; the application gets that one. */
function realRequest(request: Request): Request {
  if (request instanceof Request) return request;
  const { url, method, headers } = Object(request);
  const real = attempt(() => new Request(url, { method, headers })) ?? attempt(() => new Request(url));
  return real ?? new Request('http://localhost/');
}

/** Asks without an ExecutionContext. Hono's toSSG reads marks on the Request that it made: copy them back to it. */
async function askOutsideOfWorkers(request: Request, handed: Request, ask: Ask): Promise<unknown> {
  const response = await ask(handed);
  for (const [name, mark] of Object.entries(handed)) Reflect.set(request, name, mark);
  return response;
}

type Ask = (request: Request) => unknown;

type Answer = (
  request: Request,
  env: unknown,
  ctx: ExecutionContext | undefined,
  ask: Ask,
) => Promise<Response>;

function around<Worker extends WorkerObject | WorkerClass>(worker: Worker, answer: Answer): Worker;
function around(worker: WorkerObject | EntrypointClass, answer: Answer): unknown {
  return typeof worker === 'function' ? aroundClass(worker, answer) : aroundObject(worker, answer);
}

/** An object like `worker` with another fetch handler. A Proxy could not replace a member of a frozen object. */
function aroundObject(worker: object, answer: Answer): unknown {
  const handler = property(worker, 'fetch');
  if (typeof handler !== 'function') {
    throw new TypeError('withErrorPages needs a Worker: an object or a class with a fetch handler');
  }
  const fetch = (request: Request, env: unknown, ctx?: ExecutionContext) =>
    answer(request, env, ctx, (handed) => Reflect.apply(handler, worker, [handed, env, ctx]));
  const wrapped: object = Object.create(Object.getPrototypeOf(worker), {
    fetch: { value: fetch, configurable: true, enumerable: true, writable: true },
  });
  for (let holder = worker; isHolder(holder); holder = Object.getPrototypeOf(holder)) {
    for (const name of Reflect.ownKeys(holder)) {
      if (name === 'constructor' || Object.hasOwn(wrapped, name)) continue;
      Object.defineProperty(wrapped, name, {
        configurable: true,
        enumerable: Object.prototype.propertyIsEnumerable.call(worker, name),
        // Bind methods to the worker itself: only it has its private members.
        get() {
          const value: unknown = Reflect.get(worker, name);
          return typeof value === 'function' ? value.bind(worker) : value;
        },
        set(value) {
          Reflect.set(worker, name, value);
        },
      });
    }
  }
  return wrapped;
}

/** True for an object or a prototype of it, but not for Object.prototype. */
function isHolder(value: object | null): value is object {
  return value !== null && value !== Object.prototype;
}

type EntrypointClass = new (ctx: ExecutionContext, env: unknown) => { fetch(request: Request): unknown };

/** A class like `worker` with another fetch handler. It may be a method, or an instance's own property. */
function aroundClass(worker: EntrypointClass, answer: Answer): unknown {
  if (!mayHaveFetch(worker)) throw new TypeError(withoutFetch(worker));
  return class extends worker {
    readonly #ctx: ExecutionContext;
    readonly #env: unknown;

    constructor(ctx: ExecutionContext, env: unknown) {
      super(ctx, env);
      this.#ctx = ctx;
      this.#env = env;
      const { fetch } = this;
      if (Object.hasOwn(this, 'fetch') && typeof fetch === 'function') {
        const value = (request: Request) =>
          answer(request, env, ctx, (handed) => Reflect.apply(fetch, this, [handed]));
        if (!Reflect.defineProperty(this, 'fetch', { value })) {
          console.warn(`No error pages around class ${worker.name}: the fetch of its instances is read-only`);
        }
      } else if (typeof super.fetch !== 'function') {
        throw new TypeError(withoutFetch(worker));
      }
    }

    override fetch(request: Request): Promise<Response> {
      return answer(request, this.#env, this.#ctx, (handed) => super.fetch(handed));
    }
  };
}

/** True if the class has a fetch method, or its source mentions `fetch`: a constructor may set it. */
function mayHaveFetch(worker: EntrypointClass): boolean {
  if (typeof property(worker.prototype, 'fetch') === 'function') return true;
  for (let ancestor: unknown = worker; typeof ancestor === 'function';) {
    if (/^class\b[^]*\bfetch\b/.test(Function.prototype.toString.call(ancestor))) return true;
    ancestor = Object.getPrototypeOf(ancestor);
  }
  return false;
}

function withoutFetch({ name }: EntrypointClass): string {
  return `withErrorPages needs a fetch method: class ${name} has none`;
}

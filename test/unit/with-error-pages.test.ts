/** Every export of a Worker can be wrapped, and the new fetch handler never rejects. */
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { ssgParams, toSSG } from 'hono/ssg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { onError, withErrorPages } from '../../src/with-error-pages.ts';

interface Fetches {
  fetch(request: Request, env?: unknown, ctx?: unknown): unknown;
}

const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
const ctx = { waitUntil() {}, passThroughOnException() {} };

afterEach(() => logged.mockClear());

async function ask({ fetch }: Fetches, path = '/'): Promise<Response> {
  const response = await fetch(new Request(`https://shop.example${path}`), {}, ctx);
  if (!(response instanceof Response)) throw new TypeError('No Response');
  return response;
}

const thrown = { message: 'Application threw', error: { source: 'application' } };

const handlers = {
  fetch(request: Request): Response {
    if (request.url.endsWith('/throws')) throw new RangeError('on purpose');
    return new Response(request.headers.get('X-Edge-Request-Id'));
  },
  scheduled: () => 'scheduled',
};

class Instance {
  readonly #name = 'mine';
  fetch(request: Request): Response {
    return handlers.fetch(request);
  }
  scheduled(): string {
    return `scheduled, ${this.#name}`;
  }
}

class Assigning {
  declare readonly fetch: (request: Request) => Response;
  constructor() {
    this.fetch = handlers.fetch;
  }
  scheduled(): string {
    return 'scheduled';
  }
}

const namespace: object = Object.freeze(
  Object.defineProperty(Object.assign(Object.create(null), handlers), Symbol.toStringTag, {
    value: 'Module',
  }),
);

describe.each<[string, object, string]>([
  ['a plain object', handlers, 'scheduled'],
  ['a frozen object', Object.freeze({ ...handlers }), 'scheduled'],
  ['a sealed object', Object.seal({ ...handlers }), 'scheduled'],
  ['an object that takes no more members', Object.preventExtensions({ ...handlers }), 'scheduled'],
  ['an object without a prototype', Object.assign(Object.create(null), handlers), 'scheduled'],
  ['a module namespace', namespace, 'scheduled'],
  [
    'an object of handlers behind getters',
    {
      get fetch() {
        return handlers.fetch;
      },
      scheduled: () => 'scheduled',
    },
    'scheduled',
  ],
  ['an object that inherits its handlers', Object.create(handlers), 'scheduled'],
  ['an instance with private members', new Instance(), 'scheduled, mine'],
  ['a frozen instance with private members', Object.freeze(new Instance()), 'scheduled, mine'],
  ['an instance that got its fetch in the constructor', new Assigning(), 'scheduled'],
  ['a frozen instance that got its fetch in the constructor', Object.freeze(new Assigning()), 'scheduled'],
])('%s', (_, worker, scheduled) => {
  const wrapped: object = withErrorPages(worker);
  const fetches: Fetches = {
    fetch: (...args) => Reflect.apply(Reflect.get(wrapped, 'fetch'), wrapped, args),
  };

  it('answers, and knows its request ID', async () => {
    expect(await (await ask(fetches)).text()).toMatch(/^[\da-f-]{36}$/);
  });

  it('fails with a page and a record', async () => {
    expect((await ask(fetches, '/throws')).status).toBe(500);
    expect(logged).toHaveBeenCalledWith(expect.objectContaining({ message: 'Application threw' }));
  });

  it('keeps its other handlers, where they are looked for and where they are spread', () => {
    for (const holder of [
      wrapped,
      worker instanceof Instance || worker instanceof Assigning
        ? wrapped
        : {
            ...wrapped,
            ...(Object.hasOwn(worker, 'scheduled') ? {} : { scheduled: Reflect.get(wrapped, 'scheduled') }),
          },
    ]) {
      expect(Reflect.get(holder, 'scheduled')()).toBe(scheduled);
    }
  });

  it('leaves the object as it was', () => {
    expect(Reflect.get(worker, 'fetch')).not.toBe(Reflect.get(wrapped, 'fetch'));
  });
});

describe('a class', () => {
  class Base {
    readonly env: unknown;
    constructor(_ctx: unknown, env: unknown) {
      this.env = env;
    }
    other(): string {
      return 'another method';
    }
  }
  class WithMethod extends Base {
    fetch(request: Request): Response {
      return handlers.fetch(request);
    }
  }
  class WithField extends Base {
    fetch = (request: Request): Response => handlers.fetch(request);
  }
  class WithBoth extends WithMethod {
    constructor(state: unknown, env: unknown) {
      super(state, env);
      Object.assign(this, { fetch: handlers.fetch });
    }
  }
  class OfAncestor extends WithField {}

  it.each([
    ['with the method', WithMethod],
    ['whose instances get theirs from a field', WithField],
    ['whose instances replace the method in the constructor', WithBoth],
    ['whose ancestor has the field', OfAncestor],
  ])('%s is wrapped, and keeps its other methods', async (_, Class) => {
    const Wrapped = withErrorPages(Class);
    // `wrangler types` needs an exported class: export class Room extends withErrorPages(RoomBase) {}
    class Exported extends Wrapped {}
    const [instance, exported] = [Wrapped, Exported].map((Each) => new Each(ctx, { SITE_NAME: 'Books' }));
    if (instance === undefined || exported === undefined) throw new Error('No instance');
    expect((await ask({ fetch: (request) => exported.fetch(request) }, '/throws')).status).toBe(500);
    expect(await (await ask({ fetch: (request) => instance.fetch(request) })).text()).toMatch(
      /^[\da-f-]{36}$/,
    );
    const failed = await ask({ fetch: (request) => instance.fetch(request) }, '/throws');
    expect([failed.status, await failed.text()]).toEqual([500, expect.stringContaining('Books')]);
    expect(logged).toHaveBeenCalledWith(expect.objectContaining({ message: 'Application threw' }));
    expect(instance.other()).toBe('another method');
    expect(instance.env).toEqual({ SITE_NAME: 'Books' });
  });

  it('without a fetch method after all says so as it is made', () => {
    class Site extends Base {
      fetching = 'nothing that answers, though it speaks of fetch';
    }
    const Wrapped = Reflect.apply(withErrorPages, undefined, [Site]);
    expect(() => Reflect.construct(Wrapped, [ctx, {}])).toThrow('class Site has none');
  });

  it('whose instances freeze themselves stays what it was, and the operator is told', async () => {
    class Frozen extends WithField {
      constructor(state: unknown, env: unknown) {
        super(state, env);
        Object.freeze(this);
      }
    }
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const instance = new (withErrorPages(Frozen))(ctx, {});
    expect(instance.fetch(new Request('https://shop.example/')).status).toBe(200);
    expect(warned.mock.calls).toEqual([[expect.stringContaining('class Frozen')]]);
    warned.mockRestore();
  });
});

it.each<[string, object, RegExp]>([
  ['an object without a fetch handler', { scheduled() {} }, /needs a Worker/],
  ['a class without a fetch method', class Site {}, /class Site has none/],
  ['a function', () => new Response(), /needs a fetch method/],
])('%s is refused at load, with a sentence', (_, worker, sentence) => {
  expect(() => Reflect.apply(withErrorPages, undefined, [worker])).toThrow(sentence);
});

describe('the new fetch handler never rejects', () => {
  class Moody extends Response {
    #reads = 0;
    override get status(): number {
      if (this.#reads++ > 0) throw new Error('read once too often');
      return 503;
    }
  }
  class Hostile extends Response {
    override get headers(): Headers {
      throw new Error('no headers');
    }
    override get status(): number {
      return 500;
    }
  }

  it.each<[string, () => unknown]>([
    ['an answer whose status can be read once', () => new Moody()],
    ['an answer whose headers cannot be read', () => new Hostile()],
    [
      'a Proxy that throws on everything',
      () =>
        new Proxy(new Response(), {
          get: () => {
            throw new Error('no');
          },
        }),
    ],
  ])('%s is a failure of the application', async (_, answer) => {
    const response = await ask(withErrorPages({ fetch: answer }));
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('Request ID'.slice(1));
    expect(logged.mock.calls).toEqual([
      [expect.objectContaining({ error: expect.objectContaining({ source: 'application' }) })],
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('inner');
      },
    ],
    ['returns nothing', () => undefined],
  ])('an exception whose getResponse %s is an exception like any other', async (_, getResponse) => {
    const exception = Object.assign(new RangeError('outer'), { getResponse });
    const app = new Hono().get('*', () => {
      throw exception;
    });
    app.onError(onError);
    for (const worker of [
      app,
      {
        fetch: () => {
          throw exception;
        },
      },
    ]) {
      logged.mockClear();
      expect((await ask(withErrorPages(worker))).status).toBe(500);
      expect(logged.mock.calls).toMatchObject([
        [{ ...thrown, exception: { type: 'RangeError', message: 'outer' } }],
      ]);
    }
  });

  it('a request whose body was read before is a failure with a page and a record', async () => {
    const request = new Request('https://shop.example/', { method: 'POST', body: 'order' });
    await request.text();
    const { fetch }: Fetches = withErrorPages({ fetch: () => new Response('fine') });
    const response = await fetch(request, {}, ctx);
    expect(response).toMatchObject({ status: 500 });
    expect(logged.mock.calls).toMatchObject([
      [{ message: 'Interceptor failed', answer: { format: 'html' } }],
    ]);
  });

  it.each<[string, object]>([
    ['url, method and headers', { url: 'https://shop.example/', method: 'GET', headers: new Headers() }],
    ['a URL alone', { url: 'https://shop.example/' }],
    ['nothing', {}],
  ])(
    'a request that is an object with %s reaches the application as it is, or fails with a page',
    async (_, request) => {
      const seen: unknown[] = [];
      const worker: Fetches = withErrorPages({
        fetch: (asked: unknown) => {
          seen.push(asked);
          return new Response('fine');
        },
      });
      const failing: Fetches = withErrorPages({
        fetch() {
          throw new Error('no');
        },
      });
      expect(await Reflect.apply(worker.fetch, worker, [request])).toMatchObject({ status: 200 });
      expect(seen).toEqual([request]);
      expect(await Reflect.apply(failing.fetch, failing, [request])).toMatchObject({ status: 500 });
      expect(logged.mock.calls).toMatchObject([[thrown]]);
    },
  );
});

it.each([
  [500, 'answered 500'],
  [503, 'answered 503'],
] as const)('an HTTPException of %i is an answer', async (status, message) => {
  const app = new Hono().get('*', () => {
    throw new HTTPException(status);
  });
  app.onError(onError);
  await ask(withErrorPages(app));
  expect(logged.mock.calls).toMatchObject([[{ message: `Application ${message}`, exception: { status } }]]);
});

it("Hono's toSSG finds the dynamic pages of a wrapped application", async () => {
  const app = new Hono();
  app.get('/carts/:id', ssgParams([{ id: '1' }, { id: '2' }]), (c) => c.html(`cart ${c.req.param('id')}`));
  const files: string[] = [];
  const fs = { writeFile: async (path: string) => void files.push(path), mkdir: async () => {} };
  const { success } = await toSSG(withErrorPages(app), fs);
  expect(success).toBe(true);
  expect(files.toSorted()).toEqual(['static/carts/1.html', 'static/carts/2.html']);
});

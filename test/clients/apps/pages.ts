/** A site with pages that use browser libraries: `node pages.ts PORT`. */
import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, createServer } from 'node:http';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '../node_modules');
const libraries: Readonly<Record<string, string>> = {
  'htmx2.js': 'htmx.org/dist/htmx.min.js',
  'htmx4.js': 'htmx4/dist/htmx.min.js',
  'response-targets.js': 'htmx-ext-response-targets/dist/response-targets.js',
  'unpoly.js': 'unpoly/unpoly.min.js',
  'unpoly.css': 'unpoly/unpoly.min.css',
  'turbo.js': '@hotwired/turbo/dist/turbo.es2017-umd.js',
};

/** Libraries that are modules, each with the code that starts it. */
const bundles: Readonly<Record<string, string>> = {
  // A component is only text here.
  'inertia.js': `import { router } from '@inertiajs/core';
    const show = (component) => { document.getElementById('app').textContent = component; };
    router.init({
      initialPage: JSON.parse(document.getElementById('app').dataset.page),
      resolveComponent: (name) => name,
      swapComponent: async ({ component }) => show(component),
    });
    window.visit = (url) => router.visit(url);`,
  'live.js': `import { Application } from '@hotwired/stimulus';
    import Live from '@symfony/ux-live-component';
    Application.start().register('live', Live);`,
  'alpine.js': `import ajax from '@imacrayon/alpine-ajax';
    import Alpine from 'alpinejs';
    Alpine.plugin(ajax);
    Alpine.start();`,
};

const bundle = (contents: string) =>
  buildSync({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'iife',
  })
    .outputFiles.map(({ text }) => text)
    .join('');

const page = (head: string, body: string) => `<!doctype html><title>Shop</title>${head}<body>${body}`;
const script = (name: string) => `<script src="/lib/${name}"></script>`;
const link = '<a id="link" href="/next">Next</a>';
/**
 * A live component as its server would render it: https://symfony.com/bundles/ux-live-component/current/index.html
 */
const liveComponent = (cups: number) =>
  `<div id="live" data-controller="live" data-live-name-value="Order" data-live-url-value="/live/Order"
    data-live-request-method-value="post" data-live-props-value='{"cups":${cups},"@checksum":"x"}'>${cups} cups
    <button id="more" data-action="live#action" data-live-action-param="more">More</button></div>`;
const form = '<form id="form" method="post" action="/order"><button>Order</button></form>';

const pages: Readonly<Record<string, string>> = {
  '/htmx2': page(
    script('htmx2.js') + script('response-targets.js'),
    `<div hx-ext="response-targets"><button id="get" hx-get="/part" hx-target="#out" hx-target-error="#out">Get</button>
      <button id="post" hx-post="/part" hx-target="#out" hx-target-error="#out">Post</button>
      <div id="out"></div><div hx-boost="true">${link}</div></div>`,
  ),
  '/htmx4': page(
    script('htmx4.js'),
    `<button id="get" hx-get="/part" hx-target="#out">Get</button>
      <button id="post" hx-post="/part" hx-target="#out">Post</button>
      <div id="out"></div><div hx-boost="true" hx-boost:inherited="true">${link}</div>`,
  ),
  '/unpoly': page(
    `${script('unpoly.js')}<link rel="stylesheet" href="/lib/unpoly.css">`,
    `<main id="out"><p>old</p><a id="get" href="/part" up-follow up-target="#out">Get</a></main>
      <a id="layer" href="/part" up-layer="new" up-target="#out">Open</a>`,
  ),
  '/turbo': page(
    script('turbo.js'),
    `<meta name="turbo-prefetch" content="false">${link}${form}
      <turbo-frame id="out"><a id="get" href="/part">Get</a></turbo-frame>`,
  ),
  '/live': page('', `${liveComponent(1)}${script('live.js')}`),
  '/alpine': page(
    '',
    `<a id="get" href="/part" x-target="out">Get</a>
      <form id="post" method="post" action="/part" x-target="out"><button>Post</button></form>
      <p id="out">old</p>${script('alpine.js')}`,
  ),
  '/next': page('', '<h1>Next page</h1>'),
  '/part': page(
    '',
    '<div id="out">fresh</div><main id="main">fresh</main><turbo-frame id="out">fresh</turbo-frame>',
  ),
  '/service-worker': page(
    '',
    `<script>navigator.serviceWorker.register('/sw.js')</script><h1>Installed</h1>${link}
      <form id="form" method="post" action="/order"><button>Order</button></form>`,
  ),
  '/frames': page(
    '',
    '<h1>Isolated</h1><iframe src="/fail"></iframe><p id="is">no</p><script>is.textContent = crossOriginIsolated</script>',
  ),
};

/** A service worker. It fetches pages and keeps a copy of each. If a fetch fails, it shows the copy. */
const serviceWorker = `
  self.oninstall = () => self.skipWaiting();
  self.onactivate = (event) => event.waitUntil(self.clients.claim());
  self.onfetch = (event) => {
    if (event.request.method !== 'GET') return;
    event.respondWith((async () => {
      const cache = await caches.open('pages');
      const answer = await fetch(event.request);
      if (answer.ok) await cache.put(event.request, answer.clone());
      return answer.ok ? answer : (await cache.match(event.request)) ?? answer;
    })());
  };`;

interface Content {
  readonly status?: number;
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function contentOf({ url = '/', headers }: IncomingMessage): Content {
  const path = url.replace(/\?.*/, '');
  const [, , library = ''] = path.split('/');
  const source = bundles[library];
  if (source !== undefined) return { type: 'text/javascript', text: bundle(source) };
  if (path.startsWith('/lib/')) {
    const type = library.endsWith('.css') ? 'text/css' : 'text/javascript';
    return { type, text: readFileSync(join(modules, libraries[library] ?? 'nothing'), 'utf8') };
  }
  if (path === '/sw.js') return { type: 'text/javascript', text: serviceWorker };
  if (path === '/fail') return { status: 503, type: 'text/html', text: 'The shop closes at eight' };
  if (path === '/order') return { status: 303, type: 'text/plain', text: '', headers: { Location: '/next' } };
  if (path.startsWith('/inertia')) return inertiaPage(path, headers['x-inertia'] !== undefined);
  if (path === '/live/Order/more') {
    return { type: 'application/vnd.live-component+html', text: liveComponent(2) };
  }
  if (path === '/frames') {
    const isolation = {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    };
    return { type: 'text/html', text: pages[path] ?? '', headers: isolation };
  }
  const text = pages[path];
  return text === undefined
    ? { status: 404, type: 'text/html', text: 'Not here' }
    : { type: 'text/html', text };
}

/** https://inertiajs.com/the-protocol */
function inertiaPage(url: string, isVisit: boolean): Content {
  const data = JSON.stringify({ component: `Component of ${url}`, props: {}, url, version: '1', flash: {} });
  if (isVisit)
    return { type: 'application/json', text: data, headers: { 'X-Inertia': 'true', Vary: 'X-Inertia' } };
  const app = `<div id="app" data-page='${data}'></div>${script('inertia.js')}`;
  return { type: 'text/html', text: page('', app) };
}

createServer((request, response) => {
  const { status = 200, type, text, headers = {} } = contentOf(request);
  request.resume().on('end', () => {
    response.writeHead(status, { 'Content-Type': type, ...headers }).end(text);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

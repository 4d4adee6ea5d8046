/** Requests of Chromium and of libraries that run in it, made by pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Page } from 'playwright-core';
import type { Files } from './server.ts';

const modules = join(import.meta.dirname, '../node_modules');
const library = (path: string): readonly [string, string] => [
  'text/javascript',
  readFileSync(join(modules, path), 'utf8'),
];
const html = (text: string): readonly [string, string] => ['text/html', `<!doctype html>${text}`];

/** Inertia's core without the adapter of a framework. It starts a visit at once. */
const inertia = buildSync({
  stdin: {
    contents: `import { router } from '@inertiajs/core';
      const page = { component: 'Home', props: {}, url: '/page', version: '1', flash: {} };
      router.init({ initialPage: page, resolveComponent: (name) => name, swapComponent: async () => {} });
      router.visit('/asked/inertia');`,
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  write: false,
  format: 'iife',
}).outputFiles.map(({ text }) => text);

const live = buildSync({
  stdin: {
    contents: `import { Application } from '@hotwired/stimulus';
      import Live from '@symfony/ux-live-component';
      Application.start().register('live', Live);`,
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  write: false,
  format: 'iife',
}).outputFiles.map(({ text }) => text);

/** Files that the pages load. */
export const files: Files = {
  '/home': html('<title>Home</title><link rel="icon" href="/asked/icon">'),
  '/jquery.js': library('jquery/dist/jquery.min.js'),
  '/htmx2.js': library('htmx.org/dist/htmx.min.js'),
  '/htmx4.js': library('htmx4/dist/htmx.min.js'),
  '/unpoly.js': library('unpoly/unpoly.min.js'),
  '/turbo.js': library('@hotwired/turbo/dist/turbo.es2017-umd.js'),
  '/inertia.js': ['text/javascript', inertia.join('')],
  '/live.js': ['text/javascript', live.join('')],
  '/axios.js': library('axios/dist/axios.min.js'),
  '/worker.js': [
    'text/javascript',
    `self.onfetch = (event) => {
      if (event.request.mode === 'navigate') event.respondWith(fetch(event.request));
    };
    self.onactivate = (event) => event.waitUntil(self.clients.claim());`,
  ],
};

/** One action of a page, and the path below `/asked/` by which its request is recognized. */
export interface PageCall {
  readonly client: string;
  readonly does: string;
  /** The last part of the requested path. */
  readonly asks: string;
  /** The content of a page that sends the request by itself. */
  readonly page?: string;
  /** Code to run in a page. `page` in it is the page. */
  readonly code?: string;
  /** An action of a user on the page. */
  readonly act?: (page: Page, base: string) => Promise<unknown>;
}

const chromium = 'Chromium';
const tag = (does: string, asks: string, page: string): PageCall => ({ client: chromium, does, asks, page });
const script = (client: string, does: string, asks: string, code: string, page = ''): PageCall => ({
  client,
  does,
  asks,
  page,
  code,
});

/** All actions. */
export const pageCalls: readonly PageCall[] = [
  {
    client: chromium,
    does: 'navigation by the address bar',
    asks: 'typed',
    act: (page, base) => page.goto(`${base}/asked/typed`),
  },
  {
    client: chromium,
    does: 'navigation by a link',
    asks: 'link',
    page: '<a href="/asked/link">x</a>',
    act: (page) => page.click('a'),
  },
  {
    client: chromium,
    does: 'POST of a form',
    asks: 'form',
    page: '<form method="post" action="/asked/form"><input name="a"><button>x</button></form>',
    act: (page) => page.click('button'),
  },
  {
    client: chromium,
    does: 'download of a link',
    asks: 'download',
    page: '<a href="/asked/download" download>x</a>',
    act: (page) => page.click('a'),
  },
  tag('frame', 'frame', '<iframe src="/asked/frame"></iframe>'),
  tag('object', 'object', '<object data="/asked/object"></object>'),
  tag('embed', 'embed', '<embed src="/asked/embed">'),
  tag('image', 'image', '<img src="/asked/image">'),
  tag('picture of a style sheet', 'background', '<body style="background: url(/asked/background)">x'),
  tag('icon', 'icon', '<link rel="icon" href="/asked/icon">'),
  tag('style sheet', 'style', '<link rel="stylesheet" href="/asked/style">'),
  tag('script', 'script', '<script src="/asked/script"></script>'),
  tag('module script', 'module', '<script type="module" src="/asked/module"></script>'),
  tag(
    'import of a module',
    'import',
    '<script type="module">import("/asked/import").catch(() => {})</script>',
  ),
  tag('preload of a script', 'preload', '<link rel="preload" as="script" href="/asked/preload">'),
  tag(
    'preload of a fetch',
    'preload-fetch',
    '<link rel="preload" as="fetch" href="/asked/preload-fetch" crossorigin>',
  ),
  tag('modulepreload', 'modulepreload', '<link rel="modulepreload" href="/asked/modulepreload">'),
  tag('prefetch', 'prefetch', '<link rel="prefetch" href="/asked/prefetch">'),
  tag(
    'prefetch by speculation rules',
    'speculation',
    '<script type="speculationrules">{"prefetch":[{"urls":["/asked/speculation"],"eagerness":"immediate"}]}</script>',
  ),
  tag(
    'prerender by speculation rules',
    'prerender',
    '<script type="speculationrules">{"prerender":[{"urls":["/asked/prerender"],"eagerness":"immediate"}]}</script>',
  ),
  tag(
    'font',
    'font',
    '<style>@font-face { font-family: f; src: url(/asked/font) } p { font-family: f }</style><p>x',
  ),
  tag('video', 'video', '<video src="/asked/video" preload="auto"></video>'),
  tag('audio', 'audio', '<audio src="/asked/audio" preload="auto"></audio>'),
  tag('subtitles', 'track', '<video src="data:video/mp4,"><track src="/asked/track" default></video>'),
  tag('SVG use', 'use', '<svg><use href="/asked/use#a"/></svg>'),
  script(chromium, 'fetch()', 'fetch', 'fetch("/asked/fetch")'),
  script(
    chromium,
    'fetch() of JSON',
    'fetch-json',
    'fetch("/asked/fetch-json", { headers: { Accept: "application/json" } })',
  ),
  script(
    chromium,
    'fetch() POST of JSON',
    'post-json',
    'fetch("/asked/post-json", { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } })',
  ),
  script(
    chromium,
    'fetch() POST of a FormData',
    'post-form',
    'fetch("/asked/post-form", { method: "POST", body: new FormData() })',
  ),
  script(
    chromium,
    'fetch() of HTML',
    'fetch-html',
    'fetch("/asked/fetch-html", { headers: { Accept: "text/html" } })',
  ),
  script(
    chromium,
    'XMLHttpRequest',
    'xhr',
    'const x = new XMLHttpRequest(); x.open("GET", "/asked/xhr"); x.send()',
  ),
  script(chromium, 'EventSource', 'events', 'new EventSource("/asked/events")'),
  script(
    chromium,
    'WebSocket',
    'socket',
    'new WebSocket(location.origin.replace("http", "ws") + "/asked/socket")',
  ),
  script(chromium, 'sendBeacon', 'beacon', 'navigator.sendBeacon("/asked/beacon", "x")'),
  script(chromium, 'worker script', 'worker', 'new Worker("/asked/worker")'),
  script(chromium, 'shared worker script', 'shared-worker', 'new SharedWorker("/asked/shared-worker")'),
  script(
    chromium,
    'service worker script',
    'service-worker',
    'navigator.serviceWorker.register("/asked/service-worker", { scope: "/asked/" }).catch(() => {})',
  ),
  {
    client: chromium,
    does: 'navigation that a service worker passes on',
    asks: 'through-worker',
    code: 'navigator.serviceWorker.register("/worker.js"); navigator.serviceWorker.ready',
    act: (page, base) => page.goto(`${base}/asked/through-worker`),
  },
  script('jQuery', '$.get', 'jquery-get', '$.get("/asked/jquery-get")', '<script src="/jquery.js"></script>'),
  script(
    'jQuery',
    '$.getJSON',
    'jquery-json',
    '$.getJSON("/asked/jquery-json")',
    '<script src="/jquery.js"></script>',
  ),
  script(
    'jQuery',
    '.load() of a fragment',
    'jquery-load',
    '$("body").load("/asked/jquery-load")',
    '<body><script src="/jquery.js"></script>',
  ),
  script(
    'axios in the browser',
    'GET',
    'axios',
    'axios.get("/asked/axios")',
    '<script src="/axios.js"></script>',
  ),
  ...(['htmx2', 'htmx4'] as const).flatMap((name): PageCall[] => [
    {
      client: name.replace('htmx', 'htmx '),
      does: 'hx-get',
      asks: `${name}-get`,
      page: `<script src="/${name}.js"></script><button hx-get="/asked/${name}-get">x</button>`,
      act: (page) => page.click('button'),
    },
    {
      client: name.replace('htmx', 'htmx '),
      does: 'hx-post',
      asks: `${name}-post`,
      page: `<script src="/${name}.js"></script><button hx-post="/asked/${name}-post">x</button>`,
      act: (page) => page.click('button'),
    },
    {
      client: name.replace('htmx', 'htmx '),
      does: 'link with hx-boost',
      asks: `${name}-boost`,
      page: `<script src="/${name}.js"></script><body hx-boost="true" hx-boost:inherited="true"><a href="/asked/${name}-boost">x</a>`,
      act: (page) => page.click('a'),
    },
  ]),
  {
    client: 'Unpoly',
    does: 'link with up-follow',
    asks: 'unpoly',
    page: '<script src="/unpoly.js"></script><main><a href="/asked/unpoly" up-follow>x</a></main>',
    act: (page) => page.click('a'),
  },
  {
    client: 'Turbo Drive',
    does: 'visit of a link',
    asks: 'turbo',
    page: '<script src="/turbo.js"></script><body><a href="/asked/turbo" data-turbo-prefetch="false">x</a>',
    act: (page) => page.click('a'),
  },
  {
    client: 'Turbo Drive',
    does: 'prefetch on hover',
    asks: 'turbo-hover',
    page: '<script src="/turbo.js"></script><body><a href="/asked/turbo-hover">x</a>',
    act: (page) => page.hover('a'),
  },
  {
    client: 'Turbo Drive',
    does: 'POST of a form',
    asks: 'turbo-form',
    page: '<script src="/turbo.js"></script><body><form method="post" action="/asked/turbo-form"><button>x</button></form>',
    act: (page) => page.click('button'),
  },
  {
    client: 'Turbo Frames',
    does: 'frame with a src',
    asks: 'turbo-frame',
    page: '<script src="/turbo.js"></script><body><turbo-frame id="f" src="/asked/turbo-frame"></turbo-frame>',
  },
  {
    client: 'Inertia',
    does: 'visit',
    asks: 'inertia',
    page: '<div id="app"></div><script src="/inertia.js"></script>',
  },
  {
    client: 'Symfony live component',
    does: 'action',
    asks: 'live',
    page: `<div data-controller="live" data-live-name-value="Order" data-live-url-value="/asked/live"
      data-live-request-method-value="post" data-live-props-value='{"cups":1,"@checksum":"x"}'>
      <button data-action="live#action" data-live-action-param="more">More</button></div>
      <script src="/live.js"></script>`,
    act: (page) => page.click('button'),
  },
];

/**
 * A page with one component, in the protocol of Livewire's script: `node server.ts PORT CHECKOUT`. The script is
 * built from the checkout.
 */
import { buildSync } from 'esbuild';
import { type IncomingMessage, createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const [, , port, checkout = ''] = process.argv;
const { outputFiles } = buildSync({
  entryPoints: [join(checkout, 'js/index.js')],
  alias: { '@': join(checkout, 'js') },
  define: { CDN: 'true', IS_CSP_BUILD: 'false' },
  bundle: true,
  write: false,
  format: 'iife',
});
const script = outputFiles.map((file) => file.text).join('');

const escaped = (value: object) => JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const snapshotOf = (cups: number) => ({
  data: { cups },
  memo: { id: 'order-1', name: 'order', path: '/', method: 'GET', children: [], errors: [], locale: 'en' },
  checksum: 'of the server',
});
const component = (cups: number) =>
  `<div wire:id="order-1" wire:snapshot="${escaped(snapshotOf(cups))}" wire:effects="[]">
    <p>${cups} cups</p><button id="more" wire:click="more">More</button></div>`;

/** Answers a call. The snapshot in the request holds the number of cups so far. */
function update(body: string): string {
  const { components }: { readonly components: readonly { readonly snapshot: string }[] } = JSON.parse(body);
  const answers = components.map(({ snapshot }) => {
    const cups = Number(JSON.parse(snapshot).data.cups) + 1;
    return {
      snapshot: JSON.stringify(snapshotOf(cups)),
      effects: { html: component(cups), returns: [null] },
    };
  });
  return JSON.stringify({ components: answers, assets: [] });
}

function contentOf({ url }: IncomingMessage, body: string): readonly [type: string, content: string] {
  if (url === '/livewire.js') return ['text/javascript', script];
  if (url === '/livewire/update') return ['application/json', update(body)];
  const tag =
    '<script src="/livewire.js" data-csrf="of the tests" data-update-uri="/livewire/update"></script>';
  return ['text/html', `<!doctype html><title>Shop</title><body>${component(1)}${tag}`];
}

createServer((request, response) => {
  void text(request).then((body) => {
    const [type, content] = contentOf(request, body);
    response.writeHead(200, { 'Content-Type': type }).end(content);
  });
}).listen(Number(port), '127.0.0.1');

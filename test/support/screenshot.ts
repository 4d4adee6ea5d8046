/**
 * `npm run screenshot`: takes the pictures of the page for the README, through the whole Worker, and prints
 * the record of the same failure.
 */
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findChromium, launchChromium, openPage } from './browser.ts';
import { buildBundle } from './bundle.ts';
import { startWorkerd } from './workerd.ts';

const folder = join(import.meta.dirname, '../../.images');
const chromium = findChromium();
if (chromium === undefined) process.exit(1);

await mkdir(folder, { recursive: true });
const bundle = await buildBundle();
const origin = createServer((_request, response) => {
  void sleep(42).then(() => {
    response.writeHead(503, { Server: 'nginx', 'Content-Type': 'text/html', Connection: 'close' }).end();
  });
});
await new Promise<void>((resolve) => origin.listen(8790, '127.0.0.1', resolve));
const worker = await startWorkerd({
  bundle,
  route: '127.0.0.1:8790',
  vars: {
    SUPPORT_URL: 'mailto:support@shop.example',
    STATUS_PAGE_URL: 'https://status.shop.example',
    CF_VERSION_METADATA: { id: 'dc8dcd28-271b-4367-9840-6c244f84cb40', tag: 'v0.1.0' },
  },
});
// Only a secure context has a clipboard, and with it the page its button.
const browser = await launchChromium(chromium, `MAP shop.example ${worker.host}`, 'http://shop.example');
const { page } = await openPage(browser, {
  viewport: { width: 840, height: 640 },
  locale: 'en',
  userAgent: 'Mozilla/5.0 …',
  extraHTTPHeaders: {
    'CF-Ray': '8f1e2d3c4b5a6978',
    'MF-CF-Blob': JSON.stringify({ colo: 'FRA', country: 'DE', asn: 3320, httpProtocol: 'HTTP/3' }),
  },
});
const response = await page.goto('http://shop.example/checkout');
for (const colorScheme of ['light', 'dark'] as const) {
  await page.emulateMedia({ colorScheme });
  await page.screenshot({ path: join(folder, `page-${colorScheme}.png`) });
}
const records = await worker.recordsOf(response?.headers()['x-request-id'] ?? '');
console.log(JSON.stringify(records[0], null, 2));

await browser.close();
await worker.stop();
origin.close();
await rm(bundle, { recursive: true });

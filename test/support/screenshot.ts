/**
 * `npm run screenshot` takes the pictures of the page for the README, through the whole Worker. Below each it puts
 * the record of the same failure.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { format, resolveConfig } from 'prettier';
import { findChromium, launchChromium, openPage } from './browser.ts';
import { buildBundle } from './bundle.ts';
import { withNote } from './png-text.ts';
import { startWorkerd } from './workerd.ts';

const root = join(import.meta.dirname, '../..');
const chromium = findChromium();
if (chromium === undefined) process.exit(1);

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
    CF_VERSION_METADATA: { id: 'dc8dcd28-271b-4367-9840-6c244f84cb40', tag: 'v1' },
  },
});
const browser = await launchChromium(chromium, `MAP shop.example ${worker.host}`);
const { page } = await openPage(browser, {
  // The width of a README on GitHub, with enough pixels for sharp screens.
  viewport: { width: 840, height: 480 },
  deviceScaleFactor: 2,
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  userAgent: 'Mozilla/5.0 …',
  extraHTTPHeaders: {
    'CF-Ray': '8f1e2d3c4b5a6978',
    'MF-CF-Blob': JSON.stringify({ colo: 'FRA', country: 'DE', asn: 3320, httpProtocol: 'HTTP/3' }),
  },
});
await page.goto('http://shop.example/checkout');
const requestId = (await page.locator('#id').textContent()) ?? '';
for (const colorScheme of ['light', 'dark'] as const) {
  await page.emulateMedia({ colorScheme });
  const picture = await page.screenshot({ fullPage: true });
  const file = join(root, `.images/page-${colorScheme}.png`);
  await writeFile(file, withNote(picture, 'Request ID', requestId));
}
const [record] = await worker.recordsOf(requestId);
const fields = Object.entries(record ?? {}).map(
  ([name, value]) => `  "${name}": ${JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')}`,
);
const readme = join(root, 'README.md');
const before = await readFile(readme, 'utf8');
const [, former = ''] = /"request_id": "([^"]+)"/.exec(before) ?? [];
const text = before
  .replace(/(?<=```json\n)\{\n {2}"message"[^]*?\}\n(?=```)/, () => `{\n${fields.join(',\n')}\n}\n`)
  .replaceAll(former, requestId);
await writeFile(readme, await format(text, { ...(await resolveConfig(readme)), parser: 'markdown' }));

await browser.close();
await worker.stop();
origin.close();
await rm(bundle, { recursive: true });

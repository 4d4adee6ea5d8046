/** `node test/support/screenshot.ts` takes the pictures of the page for the README, through the whole Worker. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBundle } from './bundle.ts';
import { findChromium, launchChromium, openPage } from './browser.ts';
import { startOrigin } from './origin.ts';
import { startWorkerd } from './workerd.ts';

const folder = join(import.meta.dirname, '../../.images');
const chromium = findChromium();
if (chromium === undefined) process.exit(1);

await mkdir(folder, { recursive: true });
const bundle = await buildBundle();
const origin = await startOrigin();
const worker = await startWorkerd({
  bundle,
  vars: {
    ORIGIN_URL: origin.url,
    SITE_NAME: 'shop.example',
    SUPPORT_URL: 'mailto:support@shop.example',
    STATUS_PAGE_URL: 'https://status.shop.example',
  },
});
const browser = await launchChromium(chromium);
for (const colorScheme of ['light', 'dark'] as const) {
  const { page } = await openPage(browser, {
    viewport: { width: 840, height: 640 },
    locale: 'en',
    colorScheme,
  });
  await page.goto(`${worker.url}/status/503`);
  const path = join(folder, `page-${colorScheme}.png`);
  await page.screenshot({ path });
  console.log(path);
}
await browser.close();
await worker.stop();
await origin.stop();
await rm(bundle, { recursive: true });

/**
 * `npm run dev`: the Worker under `wrangler dev` with the misbehaving origin beside it. Arguments go to
 * wrangler: `npm run dev -- --port 9000 --var SITE_NAME:Shop`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startOrigin } from './origin.ts';

const root = join(import.meta.dirname, '../..');
const origin = await startOrigin({ port: 8788 }).catch(() => startOrigin());
console.log(`Misbehaving origin on ${origin.url}; the Worker in front of it:`);

const vars = {
  ORIGIN_URL: origin.url,
  ORIGIN_TIMEOUT_MS: '3000',
  SUPPORT_URL: 'mailto:support@shop.example',
  STATUS_PAGE_URL: 'https://status.shop.example',
  LOG_ORIGIN_BODY_BYTES: '1024',
};
const wrangler = spawn(
  process.execPath,
  [
    join(root, 'node_modules/wrangler/bin/wrangler.js'),
    'dev',
    ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', ...process.env },
  },
);

// Ctrl-C reaches wrangler by itself; a signal to this process alone does not.
process.on('SIGINT', () => wrangler.kill('SIGINT'));
process.on('SIGTERM', () => wrangler.kill('SIGTERM'));
wrangler.on('exit', (code) => {
  process.exitCode = code ?? 0;
  void origin.stop();
});

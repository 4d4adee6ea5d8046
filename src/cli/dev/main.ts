/**
 * `npm run dev`: the Worker under `wrangler dev` with the misbehaving origin beside it. Arguments go to
 * wrangler: `npm run dev -- --port 9000 --var SITE_NAME:Shop`.
 */
import { startOrigin } from '../../../test/support/origin.ts';
import type { Command } from '../command.ts';
import { runWrangler } from '../run-wrangler.ts';

/** `dev`. Ends when wrangler does, with Ctrl-C. */
export const main: Command = async (argv, surroundings) => {
  const origin = await startOrigin({ port: 8788 }).catch(() => startOrigin());
  surroundings.stdout.write(`Misbehaving origin on ${origin.url}; the Worker in front of it:\n`);
  const vars = {
    ORIGIN_URL: origin.url,
    ORIGIN_TIMEOUT_MS: '3000',
    SUPPORT_URL: 'mailto:support@shop.example',
    STATUS_PAGE_URL: 'https://status.shop.example',
    LOG_ORIGIN_BODY_BYTES: '1024',
  };
  const args = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
  const env = { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', ...surroundings.env };
  try {
    return await runWrangler(['dev', ...args, ...argv], { ...surroundings, env });
  } finally {
    await origin.stop();
  }
};

/** `check`: examines settings and page before a deploy. */
import { defineCommand } from '../command.ts';
import { isCheckout, ownPage } from '../package.ts';
import { CONFIG_OPTION, findConfig } from './find-config.ts';

/**
 * The commands of wrangler that upload. wrangler runs the `[build]` command before its other commands too.
 * https://developers.cloudflare.com/workers/wrangler/custom-builds/
 */
const UPLOADS = ['deploy', 'versions upload'];

/** The command `check`. It uploads nothing and needs no account. */
export const main = defineCommand({
  name: 'check',
  summary: 'are settings and page fit to be deployed?',
  about: 'Checks what a deploy would upload: every environment of the configuration, and the page.',
  examples: { '': 'the configuration in this folder' },
  options: (parser) =>
    parser
      .addOption(CONFIG_OPTION)
      .option(
        '--page <FILE>',
        `a page template${isCheckout ? ', another than src/page/page.html' : ' of your own'}`,
      )
      .option(
        '--application',
        `the Worker is itself the site, and withErrorPages is around it${isCheckout ? '' : ' (the default here)'}`,
      ),
  words: 'none',
  exitCodes: { 0: 'all is valid', 1: 'something is not; each line says what, and what is allowed' },
  run: async ({ values }, surroundings) => {
    const command = surroundings.env['WRANGLER_COMMAND'];
    if (command !== undefined && !UPLOADS.includes(command)) return 0;
    const { check } = await import('./check.ts');
    const kind = (values.application ?? !isCheckout) ? 'application' : 'interceptor';
    const page = values.page ?? (isCheckout ? ownPage : undefined);
    if (await check(values.config ?? findConfig(), kind, page, surroundings)) return 0;
    // Sum up in one line: wrangler prints a hundred lines more.
    if (command !== undefined)
      surroundings.stderr.say('Nothing is uploaded: the check that [build] runs failed.');
    return 1;
  },
});

/** `check`: whether settings and page are fit to be deployed. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { commandLine, isCheckout, npmKept } from '../npm-options.ts';
import { check, describeError } from './check.ts';
import type { Kind } from './config-problems.ts';
import { findConfig } from './find-config.ts';

const options = {
  config: { type: 'string', short: 'c' },
  page: { type: 'string' },
  application: { type: 'boolean', default: !isCheckout },
  help: { type: 'boolean', short: 'h' },
} as const;

const HELP = `Checks what a deploy would upload: every environment of the configuration, and the page.

  ${commandLine('check', [])}

Options
  --config FILE   another wrangler.toml, .json or .jsonc than the one in this folder
  --page FILE     a page template${isCheckout ? ', another than src/page/page.html' : ' of your own'}
  --application   the Worker is itself the site, and withErrorPages is around it${isCheckout ? '' : ' (the default here)'}
  --help          this text

Exit codes
  0  all is valid
  1  something is not; each line says what, and what is allowed
  2  the command line is malformed
`;

/** `check`. Nothing is uploaded, and no account is needed. */
export const main: Command = async (argv, { env, stdout, stderr }) => {
  let config: string;
  let kind: Kind;
  let page: string | undefined;
  try {
    const kept = npmKept(env, argv, options);
    if (kept !== undefined) throw new Error(kept);
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help) {
      stdout.write(HELP);
      return 0;
    }
    config = values.config ?? findConfig(resolve());
    kind = values.application ? 'application' : 'interceptor';
    page = values.page ?? pageOfCheckout();
  } catch (error) {
    stderr.write(`${describeError(error)}\nAll options: ${commandLine('check', ['--help'])}\n`);
    return 2;
  }
  const subject = { config, kind, page, hideWarnings: false };
  return (await check(subject, { stdout, stderr })) === undefined ? 1 : 0;
};

/** The template that this repository deploys; a project that installed the package has none. */
export function pageOfCheckout(): string | undefined {
  return isCheckout ? join(import.meta.dirname, '../../page/page.html') : undefined;
}

/**
 * Checks what a deploy would upload: every environment of wrangler.toml, and the page template.
 * `npm run check` and `npm run deploy` run it. `node src/cli/check.ts [--config wrangler.toml]`
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configProblems, configWarnings, type ConfigProblem } from './config/config-problems.ts';
import { plural } from './format.ts';
import { checkPage, type PageProblem } from './check-page/check-page.ts';
import { printable, printableBlock } from './printable.ts';
import { readWranglerConfig, type EnvironmentConfig } from './config/wrangler-config.ts';

const root = join(import.meta.dirname, '../..');
const TEMPLATE = 'src/page/page.html';

/** The wrangler.toml of this repository. */
export const WRANGLER_TOML = join(root, 'wrangler.toml');

/**
 * Checks a wrangler.toml and the page template, and prints what it finds: problems on stderr.
 * @param hideWarnings off: wrangler prints its own warnings too
 * @returns the names of the environments; undefined where something is wrong
 */
export function check(config: string, hideWarnings: boolean): readonly string[] | undefined {
  let environments: readonly EnvironmentConfig[];
  try {
    // wrangler would read a folder or an unknown kind of file as an empty one.
    if (!/\.(?:toml|jsonc?)$/i.test(config)) throw new Error('is not a .toml, .json or .jsonc file');
    environments = readWranglerConfig(config, hideWarnings);
  } catch (error) {
    console.error(`✗ ${config}: ${describeError(error)}`);
    return undefined;
  }
  for (const warning of configWarnings(environments)) console.error(`! ${describe(warning)}`);

  const template = pageProblems();
  const problems = [
    ...configProblems(environments).map(describe),
    ...template.map(
      ({ line, problem }) => `${TEMPLATE}:${line}: ${printable(problem)}${problem.endsWith('?') ? '' : '.'}`,
    ),
  ];
  const names = environments.map(({ environment }) => environment);
  if (problems.length === 0) {
    console.log(`✓ Settings and page are valid (${names.map(nameOf).join(', ')}).`);
    return names;
  }
  for (const problem of problems) console.error(`✗ ${problem}`);
  console.error(
    `${plural(problems.length, 'problem')} in ${config}${template.length > 0 ? ` and ${TEMPLATE}` : ''}.`,
  );
  return undefined;
}

function pageProblems(): PageProblem[] {
  try {
    return checkPage(readFileSync(join(root, TEMPLATE), 'utf8'));
  } catch (error) {
    return [{ line: 1, problem: `cannot be read: ${describeError(error)}` }];
  }
}

function describe({ environment, name, problem, allowed }: ConfigProblem): string {
  return printable(
    `${nameOf(environment)}: ${name} ${problem}${problem.endsWith('?') ? '' : '.'} Allowed: ${allowed}.`,
  );
}

function nameOf(environment: string): string {
  return environment === '' ? 'top level' : `env.${environment}`;
}

/** wrangler's parse errors know the line, but do not say it. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const location = 'location' in error ? error.location : undefined;
  const line =
    typeof location === 'object' && location !== null && 'line' in location ? location.line : undefined;
  return printableBlock(`${error.message}${typeof line === 'number' ? ` (line ${line})` : ''}`);
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: { config: { type: 'string', short: 'c', default: WRANGLER_TOML } },
    });
    if (check(values.config, false) === undefined) process.exitCode = 1;
  } catch (error) {
    console.error(`${describeError(error)}\nAllowed: --config wrangler.toml`);
    process.exitCode = 2;
  }
}

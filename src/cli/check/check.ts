/** What a deploy would upload, examined: every environment of a configuration, and the page template. */
import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Screen } from '../terminal.ts';
import { plural } from '../format.ts';
import { checkPage, type PageProblem } from '../check-page/check-page.ts';
import { contrastWarnings } from '../check-page/contrast.ts';
import { printable, printableBlock } from '../printable.ts';
import { configProblems, configWarnings, type Kind } from './config-problems.ts';
import { programs } from './find-config.ts';
import type { ConfigProblem } from './finding.ts';
import { readWranglerConfig, type EnvironmentConfig } from './wrangler-config.ts';

/** What to examine. */
export interface Subject {
  /** A wrangler.toml, .json or .jsonc file. */
  readonly config: string;
  readonly kind: Kind;
  /** A page template; undefined where there is none, as in a project that uses the package. */
  readonly page: string | undefined;
  /** Off: wrangler prints its own warnings too. */
  readonly hideWarnings: boolean;
}

/**
 * Examines a configuration and a page template, and prints what it finds: problems on stderr.
 * @returns the environments, the top level first; undefined where something is wrong
 */
export async function check(
  { config, kind, page, hideWarnings }: Subject,
  { stdout, stderr }: { readonly stdout: Screen; readonly stderr: Screen },
): Promise<readonly EnvironmentConfig[] | undefined> {
  const say = (line: string): void => stderr.say(line);
  let environments: readonly EnvironmentConfig[];
  try {
    environments = await readWranglerConfig(config, hideWarnings);
  } catch (error) {
    say(`✗ ${config}: ${describeError(error)}`);
    return undefined;
  }
  for (const warning of configWarnings(environments, kind)) say(`! ${describe(warning)}`);
  for (const name of programs(dirname(config)))
    say(`! ${name} is a program, which cannot be read here: what cf deploys by it is not checked.`);

  const pageName = page === undefined ? '' : relative('', page);
  const inPage = page === undefined ? [] : pageProblems(page);
  const describeInPage = ({ line, problem }: PageProblem): string =>
    `${pageName}:${line}: ${printable(problem)}${problem.endsWith('?') ? '' : '.'}`;
  if (page !== undefined && inPage.length === 0)
    for (const warning of pageProblems(page, contrastWarnings)) say(`! ${describeInPage(warning)}`);
  const problems = [...configProblems(environments, kind).map(describe), ...inPage.map(describeInPage)];
  if (problems.length === 0) {
    const names = environments.map(({ environment }) => environmentName(environment)).join(', ');
    stdout.say(`✓ Settings${page === undefined ? '' : ' and page'} are valid (${names}).`);
    return environments;
  }
  for (const problem of problems) say(`✗ ${problem}`);
  say(`${plural(problems.length, 'problem')} in ${config}${inPage.length > 0 ? ` and ${pageName}` : ''}.`);
  return undefined;
}

/** An environment as people call it; the empty name is the top level. */
function environmentName(environment: string): string {
  return environment === '' ? 'top level' : `env.${environment}`;
}

/** An error as a text; wrangler's parse errors know the line, but do not say it. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return printableBlock(String(error));
  const location = 'location' in error ? error.location : undefined;
  const line =
    typeof location === 'object' && location !== null && 'line' in location ? location.line : undefined;
  return printableBlock(`${error.message}${typeof line === 'number' ? ` (line ${line})` : ''}`);
}

/** What is wrong with a page template: the line, and a sentence that goes on from the file's name. */
export function pageProblems(path: string, find = checkPage): PageProblem[] {
  try {
    return find(readFileSync(path, 'utf8'));
  } catch (error) {
    return [{ line: 1, problem: `cannot be read: ${describeError(error)}` }];
  }
}

function describe({ environment, name, problem, allowed }: ConfigProblem): string {
  return printable(
    `${environmentName(environment)}: ${name} ${problem}${problem.endsWith('?') ? '' : '.'} Allowed: ${allowed}.`,
  );
}

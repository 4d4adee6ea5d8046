/** Examines everything that a deploy would upload: each environment of a configuration, and the page template. */
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

/** The files to examine. */
export interface Subject {
  /** A wrangler.toml, .json or .jsonc file. */
  readonly config: string;
  readonly kind: Kind;
  /** The page template. Undefined if there is none, as in a project that uses the package. */
  readonly page: string | undefined;
  /** False to let wrangler print its own warnings too. */
  readonly hideWarnings: boolean;
}

/**
 * Examines a configuration and a page template, and prints the result. Problems go to stderr.
 * @returns the environments, the top level first; undefined if there is a problem
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

/** The name of an environment for people. The empty name is the top level. */
function environmentName(environment: string): string {
  return environment === '' ? 'top level' : `env.${environment}`;
}

/** An error as text. It adds the line to wrangler's parse errors, whose messages do not have it. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return printableBlock(String(error));
  const location = 'location' in error ? error.location : undefined;
  const line =
    typeof location === 'object' && location !== null && 'line' in location ? location.line : undefined;
  return printableBlock(`${error.message}${typeof line === 'number' ? ` (line ${line})` : ''}`);
}

/** Finds the problems of a page template. Each text continues a sentence that begins with the file's name. */
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

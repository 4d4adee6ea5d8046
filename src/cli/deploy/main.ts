/** `npm run deploy`: says what it will do, and uploads what was checked and nothing else. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { check, describeError } from '../check/check.ts';
import { findConfig } from '../check/find-config.ts';
import { pageOfCheckout } from '../check/main.ts';
import type { EnvironmentConfig } from '../check/wrangler-config.ts';
import type { Command, ExitCode, Surroundings } from '../command.ts';
import { commandLine } from '../npm-options.ts';
import { printable } from '../printable.ts';
import { runWrangler } from '../run-wrangler.ts';
import { readArguments, Refusal, type DeployRequest } from './arguments.ts';
import { DEPLOYMENTS } from '../lookup/source-map.ts';
import { planOf } from './plan.ts';

const HELP = `Checks settings and page, says what will be deployed, and deploys it. With a problem nothing is uploaded.

  ${commandLine('deploy', [])}                        where wrangler.toml has no environments
  ${commandLine('deploy', ['--env', 'staging'])}    one of its environments
  ${commandLine('deploy', ['--env='])}             the top level
  ${commandLine('deploy', ['--dry-run'])}          bundles and uploads nothing

Options
  --env NAME      the environment; empty: the top level. Without it a terminal is asked where there are several
  --config FILE   another wrangler.toml, .json or .jsonc than the one in this folder
  --dry-run       bundle, and upload nothing
  --tag TEXT      a name for this version, which records have as service.version
  --message TEXT  a note for this version
  --outdir DIR    where to leave the bundle, and its source map for lookup, instead of dist
  --strict        stop where the dashboard has changes that this would overwrite
  --help          this text

What else wrangler deploy takes is refused, because it would be uploaded without a check: it goes into wrangler.toml.

Exit codes
  0  deployed
  1  not deployed: a problem, no yes, or wrangler failed
  2  the command line is malformed
`;

/** `deploy`. */
export const main: Command = async (argv, surroundings) => {
  const { stdout, stderr } = surroundings;
  const env = { ...environmentFiles(), ...surroundings.env };
  const refuse = (why: string, code: ExitCode): ExitCode => {
    stderr.write(`${why === '' ? '' : `✗ ${why}\n`}Nothing was uploaded.\n`);
    return code;
  };

  let request: DeployRequest;
  let config: string;
  try {
    request = readArguments(argv, env);
    if (request.help) {
      stdout.write(HELP);
      return 0;
    }
    config = request.config === undefined ? findConfig(resolve()) : resolve(request.config);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refuse(describeError(error), 2);
  }

  const subject = { config, kind: 'interceptor', page: pageOfCheckout(), hideWarnings: true } as const;
  const environments = await check(subject, surroundings);
  if (environments === undefined) return refuse('', 1);
  try {
    const chosen = await choose(request, environments, { ...surroundings, env });
    assertName(chosen, env);
    stdout.write(`${request.dryRun ? 'Would deploy' : 'Deploying'} ${sentence(chosen)}.\n`);
    const args = ['deploy', `--config=${config}`, `--env=${chosen.environment}`, ...request.passed];
    if (request.dryRun) return await runWrangler([...args, '--dry-run'], surroundings);
    // In one folder with the source map, this note lets lookup name the places of this version in the source.
    const folder = request.outdir ?? join(dirname(config), 'dist');
    const note = surroundings.env['WRANGLER_OUTPUT_FILE_DIRECTORY']
      ? {}
      : { WRANGLER_OUTPUT_FILE_PATH: join(folder, DEPLOYMENTS) };
    return await runWrangler([...args, ...(request.outdir ? [] : [`--outdir=${folder}`])], {
      ...surroundings,
      env: { ...note, ...surroundings.env },
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse(error.message, 1);
  }
};

/** wrangler reads these too: https://developers.cloudflare.com/workers/wrangler/system-environment-variables/ */
function environmentFiles(): Record<string, string | undefined> {
  return Object.assign(
    {},
    ...['.env', '.env.local'].map((name) => {
      try {
        return parseEnv(readFileSync(resolve(name), 'utf8'));
      } catch {
        // There is none.
        return {};
      }
    }),
  );
}

/**
 * The environment to deploy. What npm takes of a command line leaves no trace where it was `-e staging`: so the
 * environment has to be named, or confirmed.
 * @throws Refusal where it is not
 */
async function choose(
  { environment, dryRun, isSpoken }: DeployRequest,
  environments: readonly EnvironmentConfig[],
  { env, stdout, ask }: Surroundings,
): Promise<EnvironmentConfig> {
  const isOnly = environments.length === 1;
  const wanted = environment ?? env['CLOUDFLARE_ENV'] ?? '';
  const found = environments.find((candidate) => candidate.environment === wanted);
  if (found === undefined) {
    // Without any environment in the file, wrangler would deploy the top level under another name.
    const known = environments.flatMap(({ environment: name }) => (name === '' ? [] : [name])).join(', ');
    throw new Refusal(printable(`There is no environment ${wanted}; there is: ${known || 'none'}.`));
  }
  if (environment !== undefined || dryRun || (isOnly && (isSpoken || ask !== undefined))) return found;
  if (ask === undefined) {
    const lines = environments.map((one) => `  ${commandLine('deploy', [`--env=${one.environment}`])}`);
    throw new Refusal(`Which one is meant was not said. Type:\n${lines.join('\n')}`);
  }
  stdout.write(`Without --env this deploys ${sentence(found)}.\n`);
  const answer = await ask('Go on? Type yes: ');
  if (!/^\s*y(?:es)?\s*$/i.test(answer)) throw new Refusal('That was no yes.');
  return found;
}

/** Cloudflare's own builds can give a Worker another name than the one that was checked. */
function assertName({ name }: EnvironmentConfig, env: Surroundings['env']): void {
  const other = env['WRANGLER_CI_OVERRIDE_NAME'];
  if (other === undefined || other === '' || other === name) return;
  throw new Refusal(
    printable(
      `WRANGLER_CI_OVERRIDE_NAME is ${other}, but what was checked is ${name}: write it as its name.`,
    ),
  );
}

function sentence(environment: EnvironmentConfig): string {
  return printable(`${environment.name}: ${planOf(environment)}`);
}

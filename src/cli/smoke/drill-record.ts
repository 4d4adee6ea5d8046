/** Checks that an operator can find the record of a drill. */
import { attempt, property } from '../../untrusted.ts';
import type { Surroundings } from '../command.ts';
import { main as lookup } from '../lookup/main.ts';
import { failed, passed, type Check } from './check.ts';

/**
 * Looks the record up as an operator would. That may take a minute.
 * @param local the site, if it is wrangler dev. Without it, Workers Logs is asked
 */
export async function findDrillRecord(
  id: string,
  local: URL | undefined,
  { env, stderr }: Surroundings,
): Promise<Check> {
  let found = '';
  const exitCode = await lookup.call(
    ['--json', ...(local === undefined ? [] : ['--local', local.origin]), id],
    {
      env,
      stdout: { write: (text) => (found += text) },
      stderr,
    },
  );
  if (exitCode !== 0) return failed(`lookup does not find the record of ${id}`);
  const failures = property(
    attempt((): unknown => JSON.parse(found)),
    'failures',
  );
  const types = Array.isArray(failures)
    ? failures.map((failure: unknown) => ['record', 'error', 'type'].reduce(property, failure))
    : [];
  return types.includes('drill')
    ? passed(`lookup finds the record of ${id}`)
    : failed(`the record of ${id} is of the type ${String(types[0])}, expected drill`);
}

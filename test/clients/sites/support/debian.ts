/** Software that Debian installed. */
import { run } from '../../support/run.ts';

/** Debian's Python. The full path is needed, because the user's own may come first on the PATH. */
export const python = '/usr/bin/python3';

/** The version of the software in a package. */
export async function debianVersion(name: string): Promise<string> {
  const { stdout } = await run(['dpkg-query', '-W', '-f', '${Version}', name]);
  return /^(?:\d+:)?([\d.]+)/.exec(stdout)?.[1] ?? '';
}

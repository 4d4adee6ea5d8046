/** A disk that is soon full. */
import { temporaryFolder, atEnd } from '../../support/at-end.ts';
import { run } from '../../support/run.ts';

/**
 * Mounts a disk in memory, until the tests of the file have ended. Only root may do that.
 * @returns its folder
 * @throws Error if mounting fails
 */
export async function smallDisk(kilobytes: number): Promise<string> {
  const folder = await temporaryFolder('disk');
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const root = async (...command: readonly string[]) => {
    const [program = '', ...args] = [...sudo, ...command];
    const ended = await run([program, ...args]);
    if (ended.code !== 0) throw new Error(ended.seen);
  };
  await root('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=0777`, 'tmpfs', folder);
  atEnd(() => root('umount', '-l', folder));
  return folder;
}

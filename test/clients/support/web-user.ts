/**
 * The user under which Debian's servers run. Root starts them as www-data, and other users start them as themselves.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;

/** The name and the group of the user. */
export const webUser = uid === 0 ? 'www-data' : `#${uid}`;
export const webGroup = uid === 0 ? 'www-data' : `#${gid}`;

/** Allows the servers to read and write a folder with all its contents. */
export async function giveToWebUser(folder: string): Promise<void> {
  if (uid === 0) await promisify(execFile)('chown', ['-R', `${webUser}:${webGroup}`, folder]);
}

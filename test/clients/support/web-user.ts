/** Whom Debian's servers run as: root starts them as www-data, anybody else as themselves. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;

/** Their user and group. */
export const webUser = uid === 0 ? 'www-data' : `#${uid}`;
export const webGroup = uid === 0 ? 'www-data' : `#${gid}`;

/** Lets them read and write a folder with all that is in it. */
export async function giveToWebUser(folder: string): Promise<void> {
  if (uid === 0) await promisify(execFile)('chown', ['-R', `${webUser}:${webGroup}`, folder]);
}

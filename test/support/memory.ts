/** How much memory a process uses, from Linux's /proc. */
import { readFile } from 'node:fs/promises';

const mebibyte = 1024;

/**
 * Does something and measures by how much a process grew meanwhile, at most.
 * @returns the growth of its resident memory in MiB; undefined where there is no /proc
 */
export async function memoryGrowth(pid: number, work: () => Promise<void>): Promise<number | undefined> {
  const before = await memory(pid, 'VmRSS');
  await work();
  const peak = await memory(pid, 'VmHWM');
  return before === undefined || peak === undefined ? undefined : Math.max(0, peak - before) / mebibyte;
}

/** A field of /proc/PID/status, in KiB: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
async function memory(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes);
}

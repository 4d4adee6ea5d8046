/** Reads the memory use of a process from Linux's /proc. */
import { readFile, readdir } from 'node:fs/promises';

const mebibyte = 1024;

/**
 * Finds the process of workerd that this process has started.
 * @returns its ID; undefined if there is no /proc
 * @throws Error if there is none, or more than one
 */
async function workerdProcess(): Promise<number | undefined> {
  const threads = await readdir('/proc/self/task').catch(() => []);
  const children = await Promise.all(
    threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  const pids = children
    .join(' ')
    .split(' ')
    .filter((pid) => pid !== '');
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')));
  const found = pids.filter((_, index) => names[index]?.trim() === 'workerd');
  if (threads.length > 0 && found.length !== 1) throw new Error(`${found.length} processes of workerd`);
  return found[0] === undefined ? undefined : Number(found[0]);
}

/**
 * Runs a function, and measures the growth of the workerd process meanwhile.
 * @returns the largest growth of its resident memory in MiB; undefined if there is no /proc
 */
export async function memoryGrowth(work: () => Promise<void>): Promise<number | undefined> {
  const pid = await workerdProcess();
  if (pid === undefined) return work().then(() => undefined);
  const before = await memory(pid, 'VmRSS');
  await work();
  const peak = await memory(pid, 'VmHWM');
  return before === undefined || peak === undefined ? undefined : Math.max(0, peak - before) / mebibyte;
}

/** A field of /proc/PID/status in KiB: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
async function memory(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes);
}

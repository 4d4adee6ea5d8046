/** Measures CPU time and memory of a process, as Linux counts them. */
import { readdir, readFile } from 'node:fs/promises';

/**
 * The CPU time that all threads of a process have used so far, user and system, in microseconds. From
 * schedstat, which counts nanoseconds; /proc/PID/stat counts in steps of 10 ms
 * (https://docs.kernel.org/scheduler/sched-stats.html).
 */
export async function cpuMicroseconds(pid: number): Promise<number> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder);
  const times = await Promise.all(threads.map((thread) => readFile(`${folder}/${thread}/schedstat`, 'utf8')));
  return times.reduce((sum, line) => sum + Number.parseInt(line, 10) / 1000, 0);
}

/** The resident memory of a process, in MB. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000;
}

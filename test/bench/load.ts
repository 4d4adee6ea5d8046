/** Load from wrk, which leaves most of the machine to the measured process (https://github.com/wg/wrk). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 5000;

/** One period of load. */
export interface LoadOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A Lua script for wrk. It is needed for anything but a GET. */
  readonly script?: string | undefined;
  readonly seconds: number;
}

/** The results of wrk. */
export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Latencies in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers with a status of 400 or more. */
  readonly errorStatuses: number;
}

const connections = 16;

/**
 * Sends requests over keep-alive connections, each as soon as the last was answered.
 * @throws Error if wrk is missing, or a connection failed
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  let report = await runWrk(options);
  // On a machine that stalls, wrk can be interrupted before it starts. It then sends requests and prints nothing.
  for (let attempt = 1; report === '' && attempt < 5; attempt++) report = await runWrk(options);
  return parseReport(report);
}

async function runWrk({ url, headers, script, seconds }: LoadOptions): Promise<string> {
  const wrk = spawn(
    'wrk',
    [
      '--threads=1',
      `--connections=${connections}`,
      '--latency',
      '--duration=1h',
      ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      ...(script === undefined ? [] : ['--script', script]),
      url,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const report = text(wrk.stdout);
  await once(wrk, 'spawn').catch(() => {
    throw new Error('The bench needs wrk (https://github.com/wg/wrk): apt-get install wrk');
  });
  // wrk takes whole seconds only. If it is interrupted, it reports the time so far.
  await sleep(seconds * 1000);
  wrk.kill('SIGINT');
  // wrk hangs if it is interrupted at the wrong moment.
  const patience = setTimeout(() => wrk.kill('SIGKILL'), PATIENCE_MS);
  return report.finally(() => clearTimeout(patience));
}

/** Reads wrk's report: https://github.com/wg/wrk#basic-usage */
function parseReport(report: string): LoadResult {
  const failed = /Socket errors:.*/.exec(report)?.[0];
  if (failed !== undefined) throw new Error(`wrk: ${failed}`);
  return {
    requests: count(report, /(\d+) requests in/),
    requestsPerSecond: count(report, /Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(report, '50%'),
    p99: milliseconds(report, '99%'),
    errorStatuses: report.includes('Non-2xx') ? count(report, /Non-2xx or 3xx responses: (\d+)/) : 0,
  };
}

function count(report: string, pattern: RegExp): number {
  const found = pattern.exec(report)?.[1];
  if (found === undefined) throw new Error(`wrk reports in another form than expected:\n${report}`);
  return Number(found);
}

const unitInMilliseconds: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

function milliseconds(report: string, percentile: string): number {
  const [, value, unit = ''] = new RegExp(`${percentile}\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(report) ?? [];
  return Number(value) * (unitInMilliseconds[unit] ?? NaN);
}

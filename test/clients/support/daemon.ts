/** Servers that run as processes of their own, so that they can be killed and stopped for real. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from './at-end.ts';

/** A running server, with all the processes it started. */
export interface Daemon {
  readonly port: number;
  readonly url: string;
  readonly host: string;
  /** What it wrote to its standard output and error so far. */
  readonly output: string;
  /** SIGKILL to all of it: connections are refused from here on. */
  kill(): Promise<void>;
  /** SIGSTOP to all of it: connections are accepted by the system, and nothing answers. */
  freeze(): void;
  /** Ends a freeze. */
  thaw(): void;
}

/** How to start one. */
export interface DaemonOptions {
  /** Where it will listen. */
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Starts a server, which runs until the tests of the file have ended; resolves when its port accepts connections.
 * @throws Error with its output where it ends, or does not listen within half a minute
 */
export async function startDaemon(
  [program, ...args]: readonly [string, ...string[]],
  { port, env = {}, cwd }: DaemonOptions,
): Promise<Daemon> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: its workers are killed with it.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  }
  child.on('error', (error) => (output += String(error)));
  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined && isRunning(child)) process.kill(-child.pid, name);
  };
  const kill = async () => {
    if (!isRunning(child)) return;
    const exited = once(child, 'exit');
    signal('SIGKILL');
    await exited;
  };
  atEnd(kill);

  for (const deadline = Date.now() + 30_000; !(await accepts(port)); await sleep(20)) {
    if (!isRunning(child) || Date.now() > deadline) {
      await kill();
      throw new Error(`${program} does not listen: ${output}`);
    }
  }
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    get output() {
      return output;
    },
    kill,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}

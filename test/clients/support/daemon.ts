/** Servers in processes of their own, so that tests can really kill and freeze them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from './at-end.ts';

/** A running server, with all processes that it started. */
export interface Daemon {
  readonly port: number;
  readonly url: string;
  readonly host: string;
  /** The text on its standard output and error so far. */
  readonly output: string;
  /** Kills all of its processes with SIGKILL: from then on connections are refused. */
  kill(): Promise<void>;
  /** Freezes all of its processes with SIGSTOP: the system accepts connections, and nothing answers. */
  freeze(): void;
  /** Ends a freeze. */
  thaw(): void;
}

/** Options of a server. */
export interface DaemonOptions {
  /** The port on which the server will listen. */
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Starts a server, which runs until the tests of the file have ended. Resolves when its port accepts connections.
 * @throws Error with the server's output if it ends, or does not listen within half a minute
 */
export async function startDaemon(
  [program, ...args]: readonly [string, ...string[]],
  { port, env = {}, cwd }: DaemonOptions,
): Promise<Daemon> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // The server has a process group of its own, so that its workers are killed with it.
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

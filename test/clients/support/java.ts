/** Java's own HTTP clients. One process of Java serves all tests of a file. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { atEnd } from './at-end.ts';

/** One of Java's HTTP clients. */
export type JavaClient = 'HttpURLConnection' | 'HttpClient';

interface Running {
  readonly java: ChildProcessWithoutNullStreams;
  readonly lines: AsyncIterator<string>;
}

let running: Running | undefined;
let last: Promise<unknown> = Promise.resolve();

function start(): Running {
  const java = spawn('java', ['-Xshare:auto', join(import.meta.dirname, '../apps/Ask.java')]);
  java.stderr.pipe(process.stderr);
  atEnd(async () => {
    const ended = once(java, 'exit');
    java.stdin.end();
    await ended;
  });
  return { java, lines: createInterface({ input: java.stdout })[Symbol.asyncIterator]() };
}

/**
 * Gets a URL, or posts a text to it. Returns the text that the caller gets.
 * @throws Error if Java has ended
 */
export function askJava(client: JavaClient, url: string, body?: string): Promise<string> {
  const asked = last.then(async () => {
    running ??= start();
    const encoded = body === undefined ? '-' : Buffer.from(body).toString('base64');
    running.java.stdin.write(`${client} ${url} ${encoded}\n`);
    const { done, value } = await running.lines.next();
    if (done) throw new Error('Java has ended');
    return Buffer.from(value, 'base64').toString();
  });
  last = asked.catch(() => {});
  return asked;
}

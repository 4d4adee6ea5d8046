/** Sends the requests of a hostile visitor, and reads the answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from '../../../src/untrusted.ts';
import { type Answered, connect, parseAnswer } from '../exchange.ts';
import type { Visit } from './visits.ts';

/** The result of a visit. */
export interface Seen {
  /** The answers in order. The last one may be cut. */
  readonly answers: readonly Answered[];
  /** Received bytes that are no answer. */
  readonly rest: Buffer;
  /** True if the connection had to be given up. */
  readonly hung: boolean;
  /** True if the other side reset the connection. */
  readonly isReset: boolean;
}

/** Longer in milliseconds than any origin hangs, even on a busy machine. */
const PATIENCE_MS = 30_000;

export async function visit(port: number, { parts, methods, isSlow, ending }: Visit): Promise<Seen> {
  const { socket, received, ended } = await connect(port);
  let hung = false;
  const patience = setTimeout(() => {
    hung = true;
    socket.destroy();
  }, PATIENCE_MS);
  for (const part of isSlow ? parts : [parts.join('')]) {
    if (socket.destroyed) break;
    socket.write(Buffer.from(part, 'latin1'));
    if (isSlow) await sleep(2);
  }
  if (ending === 'closes') socket.end();
  if (ending === 'resets') {
    await sleep(20);
    socket.resetAndDestroy();
  }
  // After a switch to another protocol, nobody here knows its end.
  socket.once('data', (start: Buffer) => start.includes(' 101 ') && socket.destroy());
  const isReset = (await ended) === 'reset';
  clearTimeout(patience);
  return { ...answersIn(received(), methods), hung, isReset };
}

function answersIn(bytes: Buffer, methods: readonly string[]): Pick<Seen, 'answers' | 'rest'> {
  const answers: Answered[] = [];
  let rest = bytes;
  for (const method of methods) {
    const start = rest;
    const answer = attempt(() => parseAnswer(start, method));
    if (answer === undefined) break;
    answers.push(answer);
    rest = answer.rest;
    if (!answer.complete) break;
  }
  return { answers, rest };
}

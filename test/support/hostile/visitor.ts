/** Sends what a hostile visitor sends, and reads what comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, connect, parseAnswer } from '../client.ts';
import type { Visit } from './visits.ts';

/** What a visitor saw. */
export interface Seen {
  /** The answers, in their order; the last one may be cut. */
  readonly answers: readonly Answered[];
  /** Bytes that are no answer. */
  readonly rest: Buffer;
  /** Whether the connection had to be given up. */
  readonly hung: boolean;
}

/** Longer than any origin hangs, on a machine that is busy with something else. */
const PATIENCE_MS = 30_000;

/** Makes a visit. */
export async function visit(port: number, { parts, methods, ending }: Visit): Promise<Seen> {
  const { socket, received, ended } = await connect(port);
  let hung = false;
  const patience = setTimeout(() => {
    hung = true;
    socket.destroy();
  }, PATIENCE_MS);
  for (const part of parts) {
    if (socket.destroyed) break;
    socket.write(Buffer.from(part, 'latin1'));
    if (parts.length > 1) await sleep(1);
  }
  if (ending === 'closes') socket.end();
  if (ending === 'resets') {
    await sleep(20);
    socket.resetAndDestroy();
  }
  // Of another protocol, nobody here knows how it ends.
  socket.on('data', () => /^HTTP\/1.1 101 /.test(received().toString('latin1', 0, 13)) && socket.destroy());
  await ended;
  clearTimeout(patience);
  return { ...answersIn(received(), methods), hung };
}

function answersIn(bytes: Buffer, methods: readonly string[]): Pick<Seen, 'answers' | 'rest'> {
  const answers: Answered[] = [];
  let rest = bytes;
  for (const method of methods) {
    if (!rest.includes('\r\n\r\n')) break;
    const answer = parseAnswer(rest, method);
    answers.push(answer);
    rest = answer.rest;
    if (!answer.complete) break;
  }
  return { answers, rest };
}

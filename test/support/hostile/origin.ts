/** A hostile origin on real sockets. The seed and the number of the case decide its answer to a request. */
import type { Socket } from 'node:net';
import { type Listener, startListener } from '../origin.ts';
import { hostileAnswer } from './answers.ts';
import { randomFor } from './random.ts';
import { CASE_HEADER } from './visits.ts';

export interface HostileOrigin extends Listener {
  /** Faults of the requests that arrived, in words. */
  readonly wrong: string[];
}

/** The time in milliseconds for which the origin is silent when it hangs, before it closes the connection. */
const HANG_MS = 600;
const caseLine = new RegExp(`^${CASE_HEADER}: (\\d+)\\r$`, 'gim');

export async function startHostileOrigin(seed: number): Promise<HostileOrigin> {
  const wrong: string[] = [];
  const listener = await startListener((socket) => {
    let received = '';
    let isAnswered = false;
    socket.setEncoding('latin1').on('data', (bytes: string) => {
      received += bytes;
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const problem = problemWith(received.slice(0, end + 2), received.slice(end + 4));
      if (problem !== undefined) wrong.push(`${problem}: ${JSON.stringify(received.slice(0, 2000))}`);
      if (isAnswered) return;
      isAnswered = true;
      const [, number = '0'] = [...received.slice(0, end + 2).matchAll(caseLine)][0] ?? [];
      answer(socket, seed, Number(number));
    });
    socket.once('end', () => socket.end());
  });
  return Object.assign(listener, { wrong });
}

function answer(socket: Socket, seed: number, number: number): void {
  const { bytes, ending } = hostileAnswer(randomFor(seed, number, 1));
  socket.write(bytes);
  if (ending === 'resets') setTimeout(() => socket.resetAndDestroy(), 5);
  else setTimeout(() => socket.end(), ending === 'hangs' ? HANG_MS : 0);
}

/** The fault of a request that arrived: no visitor sent it, or bytes follow the end of its body. */
function problemWith(head: string, body: string): string | undefined {
  const count = (pattern: RegExp) => head.match(pattern)?.length ?? 0;
  if (count(caseLine) === 0) return 'a request that no visitor sent';
  if (count(/^x-request-id:/gim) !== 1) return 'not one request ID';
  if (count(/^host:/gim) !== 1) return 'not one Host';
  const length = /^content-length: (\d+)\r$/im.exec(head)?.[1];
  const isChunked = /^transfer-encoding: chunked\r$/im.test(head);
  if (isChunked ? /\r\n0\r\n\r\n[^]/.test(`\r\n${body}`) : body.length > Number(length ?? 0))
    return 'bytes behind the end';
  return undefined;
}

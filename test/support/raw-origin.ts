/** An origin that answers every request with the same bytes, valid or not, and then closes the connection. */
import { type Listener, startListener } from './origin.ts';

export interface RawOrigin extends Listener {
  /** The answer from now on. If it is empty, the origin closes the connection without a byte. */
  bytes: Buffer;
}

export async function startRawOrigin(): Promise<RawOrigin> {
  const state = { bytes: Buffer.alloc(0) };
  const listener = await startListener((socket) => {
    let head = '';
    socket.on('data', (chunk) => {
      const hadHead = head.includes('\r\n\r\n');
      // The answer is sent after the end of the head. A body is not awaited.
      if (!hadHead) head += chunk.toString('latin1');
      if (!hadHead && head.includes('\r\n\r\n')) socket.end(state.bytes);
    });
    socket.once('end', () => socket.destroy());
  });
  return Object.assign(state, listener);
}

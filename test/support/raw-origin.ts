/** An origin that answers every request with the same bytes, whatever they are, and then closes. */
import { type Listener, startListener } from './origin.ts';

/** A running origin. */
export interface RawOrigin extends Listener {
  /** What it answers from now on. Empty: it closes the connection without a byte. */
  bytes: Buffer;
}

/** Starts one. */
export async function startRawOrigin(): Promise<RawOrigin> {
  const state = { bytes: Buffer.alloc(0) };
  const listener = await startListener((socket) => {
    let head = '';
    socket.on('data', (chunk) => {
      const hadHead = head.includes('\r\n\r\n');
      // A body is not needed, only the end of the head.
      if (!hadHead) head += chunk.toString('latin1');
      if (!hadHead && head.includes('\r\n\r\n')) socket.end(state.bytes);
    });
    socket.once('end', () => socket.destroy());
  });
  return Object.assign(state, listener);
}

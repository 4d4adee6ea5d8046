/** Asks a Worker as an HTTP/1.1 client that sends what it is told and nothing else. */
import { type Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { buffer } from 'node:stream/consumers';

/** What to ask. */
export interface Question {
  readonly method?: string;
  /** The request target, sent as it is. */
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Unset: a connection of its own. */
  readonly agent?: Agent;
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** A header's value; several are joined with a comma. */
  header(name: string): string | undefined;
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
  /** From sending the request to the last byte of the answer. */
  readonly milliseconds: number;
}

/** A Worker that hangs should fail its test and no other, and a busy machine none. */
const PATIENCE_MS = 60_000;

/**
 * Asks once, with the Host of the Worker's own address unless the headers name another.
 * @throws Error where no whole answer comes, or nothing for a minute
 */
export function ask(worker: { readonly port: number }, question: Question = {}): Promise<Answer> {
  const { method = 'GET', path = '/', headers = {}, body, agent = false } = question;
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: worker.port, method, path, headers, agent });
    sent.setTimeout(PATIENCE_MS, () => sent.destroy(new Error(`Nothing came for ${PATIENCE_MS} ms`)));
    // A Worker may answer an upload that is still being sent, and then close the connection.
    let answered = false;
    sent.on('error', (error) => answered || reject(error));
    sent.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('The Worker upgraded the connection'));
    });
    sent.on('response', (response) => {
      answered = true;
      buffer(response)
        .then((bytes) => {
          sent.end();
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? '',
            rawHeaders: response.rawHeaders,
            header: (name) => response.headersDistinct[name.toLowerCase()]?.join(', '),
            body: bytes,
            text: bytes.toString(),
            milliseconds: performance.now() - startedAt,
          });
        })
        .catch(reject);
    });
    sent.end(body);
  });
}

/** Sends these bytes on a connection of their own; resolves with all that comes back until it is closed. */
export async function askRaw(worker: { readonly port: number }, bytes: string | Buffer): Promise<Buffer> {
  const socket = connect(worker.port, '127.0.0.1');
  socket.write(bytes);
  return buffer(socket);
}

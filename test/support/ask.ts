/** Asks a Worker as an ordinary HTTP/1.1 client does. `exchange.ts` is for tests of exact bytes. */
import { type Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { buffer } from 'node:stream/consumers';

/** A request. */
export interface Question {
  readonly method?: string;
  /** The request target, sent unchanged. */
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Default: a new connection for this request. */
  readonly agent?: Agent;
}

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, in the order received. */
  readonly rawHeaders: readonly string[];
  /** The value of a header. Several values are joined with a comma. */
  header(name: string): string | undefined;
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
  /** The time in milliseconds from sending the request to the last byte of the answer. */
  readonly milliseconds: number;
}

/** A limit that a hanging Worker exceeds, so that its test fails alone, and a busy machine does not. */
const PATIENCE_MS = 60_000;

/**
 * Sends one request. Its Host is the Worker's own address unless the headers name another.
 * @throws Error if no complete answer comes, or nothing comes for a minute
 */
export function ask(worker: { readonly port: number }, question: Question = {}): Promise<Answer> {
  const { method = 'GET', path = '/', headers = {}, body, agent = false } = question;
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: worker.port, method, path, headers, agent });
    sent.setTimeout(PATIENCE_MS, () => sent.destroy(new Error(`Nothing came for ${PATIENCE_MS} ms`)));
    // A Worker may answer an upload before its end, and then close the connection.
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

/** Sends these bytes on a new connection. Resolves with all bytes received until the connection is closed. */
export async function askRaw(worker: { readonly port: number }, bytes: string | Buffer): Promise<Buffer> {
  const socket = connect(worker.port, '127.0.0.1');
  socket.write(bytes);
  return buffer(socket);
}

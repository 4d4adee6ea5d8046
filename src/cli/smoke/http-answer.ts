/** Asks a site once, with the given headers only. Does not follow redirects. */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { property } from '../../untrusted.ts';
import { duration } from '../format.ts';
import { networkFault } from '../network-fault.ts';

/** An answer to a request. */
export interface HttpAnswer {
  readonly status: number;
  /** The value of a header. Several values are joined with a comma. Empty if there is none. */
  header(name: string): string;
  /** The body. For HEAD, any bytes that came although there may be none. */
  readonly body: string;
}

/** A request to send. */
export interface Question {
  readonly method?: string | undefined;
  /** The headers. Without `Accept`, the request asks for HTML. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The time limit for the whole answer, in milliseconds. */
  readonly timeoutMs?: number;
  readonly wantsBody?: boolean;
}

// Our pages are much smaller. Do not keep more than this of a server's answer.
const MAXIMUM_LENGTH = 1_000_000;

/** There was no answer. The message tells people why. */
export class NoAnswer extends Error {}

/**
 * Asks for a URL.
 * @throws NoAnswer
 */
export async function askFor(
  url: URL,
  { method = 'GET', headers = {}, timeoutMs = 30_000, wantsBody = true }: Question = {},
): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const sent = (url.protocol === 'https:' ? https : http).request(url.href, {
    method,
    headers: {
      Accept: 'text/html',
      ...headers,
      'User-Agent': 'edge-error-interceptor-smoke',
      Connection: 'close',
    },
    agent: false,
    signal,
  });
  const closed = new Promise((resolve) => sent.once('close', resolve));
  let unexpected = '';
  // Node's parser expects nothing after an answer to HEAD. This error may come after the answer.
  sent.on('error', (error) => (unexpected = unexpectedIn(error)));
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('upgrade', () => reject(new Error('it switched to another protocol, unasked (101)')));
      sent.once('response', resolve).once('error', reject).end();
    });
    const body = wantsBody ? await bodyOf(response.setEncoding('utf8')) : '';
    if (method === 'HEAD') await closed;
    // A body without a length looks whole even if it was cut.
    signal.throwIfAborted();
    return {
      status: response.statusCode ?? 0,
      header: (name) => response.headersDistinct[name.toLowerCase()]?.join(', ') ?? '',
      body: body + unexpected,
    };
  } catch (error) {
    throw new NoAnswer(
      signal.aborted ? `no whole answer within ${duration(timeoutMs)}` : networkFault(error),
    );
  } finally {
    sent.destroy();
  }
}

async function bodyOf(response: AsyncIterable<unknown>): Promise<string> {
  let body = '';
  for await (const chunk of response) {
    body += String(chunk);
    if (body.length > MAXIMUM_LENGTH) throw new Error(`more than ${MAXIMUM_LENGTH} characters came`);
  }
  return body;
}

/** The bytes on which Node's parser stumbled, without the heads before them. */
function unexpectedIn(error: Error): string {
  const packet = property(error, 'rawPacket');
  const text = packet instanceof Uint8Array ? Buffer.from(packet).toString('latin1') : '';
  return text.split('\r\n\r\n').at(-1) || text;
}

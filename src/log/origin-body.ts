/** Logs the start of an origin's error body if that is wanted, and lets the rest go. */
import type { Incident } from '../incident.ts';
import { attempt } from '../untrusted.ts';
import { errorCodeIn } from './cloudflare-error-code.ts';
import { fact } from './fact.ts';
import { textOfHtml } from './html-text.ts';
import { scrubStart, scrubText } from '../scrub/scrub.ts';

/** The record of an origin's error body. Its `request_id` leads to the record of the failure. */
export interface OriginBodyRecord {
  readonly message: 'Origin error body';
  readonly request_id: string;
  readonly origin: {
    readonly status_code: number;
    readonly content_type: string;
    /**
     * The start of the body, decompressed and scrubbed: up to `LOG_ORIGIN_BODY_BYTES` bytes. Of an HTML page it is the
     * start of the text.
     */
    readonly body?: string;
    /** 0 if the body was empty. Absent otherwise. */
    readonly body_size?: number;
  };
  /** https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/ */
  readonly cloudflare?: { readonly error_code: number };
}

const TIME_LIMIT_MS = 2000;
// Cloudflare's 530 names its 1xxx code within the first kilobytes, as HTML, JSON, Markdown or plain text:
// https://developers.cloudflare.com/fundamentals/reference/error-responses/
const ERROR_CODE_BYTES = 4096;
// Styles and scripts come before the text of an HTML page.
const HTML_BYTES = 32 * 1024;
// Read on a little: the scrubber recognises a secret at the cut by the text behind it.
const LOOK_AHEAD_BYTES = 512;

/**
 * Lets go of an origin's error body, so that its connection is free again. With `LOG_ORIGIN_BODY_BYTES`, or for a
 * 530, first reads the start for at most two seconds and logs it.
 * @param waitUntil gets a promise that never rejects, if there is work after the answer
 */
export function disposeOfBody(incident: Incident, waitUntil: (work: Promise<void>) => void): void {
  const { failure, settings } = incident;
  if (failure.kind !== 'answered') return;
  const { response } = failure;
  attempt(() => {
    const { body } = response;
    const wanted = bytesWanted(response, settings.LOG_ORIGIN_BODY_BYTES);
    if (body !== null && wanted > 0) waitUntil(logStart(body, wanted, incident, response));
    else body?.cancel().catch(ignore);
  });
}

const TEXT = /^\s*(?:text\/|application\/(?:[^;\s]+\+)?(?:json|xml)\b)/i;
// The runtime decodes only gzip and br, written in lower case.
const DECODED = /^(?:gzip|br|identity|)$/;

/** The number of bytes to read of a body; 0 if nothing of it is logged, or if it is no text. */
function bytesWanted({ status, headers }: Response, shown: number): number {
  if (shown === 0 && status !== 530) return 0;
  const contentType = headers.get('content-type') ?? '';
  if (!TEXT.test(contentType) || !DECODED.test(headers.get('content-encoding') ?? '')) return 0;
  const forText = isHtml(contentType) ? HTML_BYTES : shown + LOOK_AHEAD_BYTES;
  return Math.max(shown === 0 ? 0 : forText, status === 530 ? ERROR_CODE_BYTES : 0);
}

async function logStart(
  body: ReadableStream<Uint8Array>,
  maximum: number,
  { requestId, settings }: Incident,
  { status, headers }: Response,
): Promise<void> {
  const contentType = headers.get('content-type') ?? '';
  const bytes = await readStart(body, maximum);
  const text = decode(bytes, contentType);
  const shown = shownStart(text, isHtml(contentType), settings.LOG_ORIGIN_BODY_BYTES, requestId);
  const code = status === 530 ? errorCodeIn(text) : undefined;
  const isEmpty = bytes.length === 0;
  if (shown === '' && code === undefined && !isEmpty) return;
  const record: OriginBodyRecord = {
    message: 'Origin error body',
    request_id: requestId,
    origin: {
      status_code: status,
      content_type: scrubText(contentType, 128),
      ...fact('body', shown),
      ...(isEmpty && { body_size: 0 }),
    },
    ...(code !== undefined && { cloudflare: { error_code: code } }),
  };
  attempt(() => console.info(record));
}

function isHtml(contentType: string): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(contentType.slice(0, 256));
}

/** The start of a body for the log. Of HTML it is the text that a reader sees, if there is any. */
function shownStart(text: string, isHtml: boolean, bytes: number, requestId: string): string {
  if (bytes === 0) return '';
  const shown = (isHtml && textOfHtml(text, bytes + LOOK_AHEAD_BYTES)) || text;
  const { read } = new TextEncoder().encodeInto(shown, new Uint8Array(bytes));
  return scrubStart(shown.slice(0, read + LOOK_AHEAD_BYTES), read, [requestId]);
}

/** Reads the first bytes of a body until the time limit. Never rejects. */
async function readStart(body: ReadableStream<Uint8Array>, maximum: number): Promise<Uint8Array> {
  const start = new Uint8Array(maximum);
  let length = 0;
  const reader = attempt(() => body.getReader());
  if (reader === undefined) return new Uint8Array();
  const timer = setTimeout(() => reader.cancel().catch(ignore), TIME_LIMIT_MS);
  try {
    while (length < maximum) {
      const { done, value } = await reader.read();
      if (done) break;
      start.set(value.subarray(0, maximum - length), length);
      length = Math.min(maximum, length + value.length);
    }
  } catch {
    // Use the part that arrived before the body broke.
  }
  clearTimeout(timer);
  reader.cancel().catch(ignore);
  return start.subarray(0, length);
}

/** Byte order marks: https://encoding.spec.whatwg.org/#bom-sniff */
const UTF_16 = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
] as const;

/** The text of a body. If the body is cut within a character, that character is left out. */
function decode(bytes: Uint8Array, contentType: string): string {
  const [, named] = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType) ?? [];
  const charset = UTF_16.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2] ?? named;
  const decoder = attempt(() => new TextDecoder(charset)) ?? new TextDecoder();
  return decoder.decode(bytes, { stream: true });
}

/** Ignores an error: cancelling a body that already failed rejects with the same error. */
function ignore(): void {}

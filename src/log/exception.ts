/** Describes a thrown value. It may be anything, and is not trusted. */
import { attempt, nameOfThrown, property, textProperty } from '../untrusted.ts';
import { dataText } from './data-text.ts';
import { fact } from './fact.ts';
import { scrubText } from '../scrub/scrub.ts';

/** A thrown value in plain text, with a limit for each part. All parts together have at most 8,000 characters. */
export interface ExceptionDescription {
  /** The error's name, or the type of a value that is no Error; up to 128 characters. */
  readonly type: string;
  /** Up to 2048 characters. */
  readonly message: string;
  /** Up to 4096 characters. */
  readonly stacktrace?: string;
  /**
   * Its causes, and the errors in an AggregateError, a SuppressedError or an ErrorEvent. Up to five, one a line, each
   * up to 320 characters.
   */
  readonly cause?: string;
  /** An error's own code, up to 128 characters. */
  readonly code?: string;
  /** The status of a thrown answer, or of an error that names one. */
  readonly status?: number;
  /** The flags that the runtime set on it. */
  readonly flags?: readonly Flag[];
}

/** https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
const flags = ['retryable', 'remote', 'overloaded', 'durableObjectReset'] as const;
type Flag = (typeof flags)[number];

const MAXIMUM_CAUSES = 5;
const LONGEST_CAUSE = 320;

/**
 * Describes any thrown value: an Error, a text, a Response, a Proxy that throws on everything. Never throws. Never
 * reads more than it describes, whatever the size of the value.
 * @param exempt IDs of this request, which stay even if they look like secrets
 */
export function describeException(exception: unknown, exempt: readonly string[] = []): ExceptionDescription {
  const message = messageOf(exception, exempt);
  const code = property(exception, 'code');
  const status = property(exception, 'status');
  const set = flags.filter((flag) => property(exception, flag) === true);
  return {
    type: nameOf(exception),
    message: scrubText(message, 2048, exempt),
    ...fact('stacktrace', stackOf(exception, message.length, exempt)),
    ...fact('cause', causesOf(exception, exempt)),
    ...((typeof code === 'string' || typeof code === 'number') && {
      code: scrubText(String(code), 128, exempt),
    }),
    ...(isStatus(status) && { status }),
    ...(set.length > 0 && { flags: set }),
  };
}

function isStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 0 && Number(status) < 1000;
}

function nameOf(exception: unknown): string {
  return scrubText(nameOfThrown(exception), 128);
}

function messageOf(exception: unknown, exempt: readonly string[]): string {
  const message = property(exception, 'message');
  return typeof message === 'string' ? message : (attempt(() => dataText(exception, exempt)) ?? '');
}

/** In characters. The first frame of a stack begins at most this far behind the message. */
const FRAMES_WITHIN = 1024;

function stackOf(exception: unknown, messageLength: number, exempt: readonly string[]): string {
  const stack = textProperty(exception, 'stack') || textProperty(property(exception, 'error'), 'stack');
  const frames = stack.slice(messageLength, messageLength + FRAMES_WITHIN).indexOf('\n    at ');
  if (messageLength <= 512 || frames < 0) return scrubText(stack, 4096, exempt);
  // The stack repeats the message before the frames, and a long message would leave no space for them.
  const start = messageLength + frames;
  return scrubText(stack, 512, exempt) + scrubText(stack.slice(start, start + 4096), 4096 - 512, exempt);
}

function causesOf(exception: unknown, exempt: readonly string[]): string {
  const found = new Set([exception]);
  for (const value of found) {
    if (found.size > MAXIMUM_CAUSES) break;
    for (const cause of causesWithin(value)) found.add(cause);
  }
  const lines = [...found].slice(1, MAXIMUM_CAUSES + 1).map((cause) => {
    const name = nameOf(cause);
    const message = scrubText(messageOf(cause, exempt), LONGEST_CAUSE - name.length - 2, exempt);
    return `${name}: ${message}`.replace(/\s+/g, ' ').trim();
  });
  return lines.join('\n');
}

/**
 * The `cause` of a value, the `errors` of an AggregateError, the `error` of an ErrorEvent, the `error` and
 * `suppressed` of a SuppressedError.
 */
function causesWithin(value: unknown): unknown[] {
  const list = property(value, 'errors');
  const length = attempt(() => Array.isArray(list)) ? MAXIMUM_CAUSES : 0;
  const errors = Array.from({ length }, (_, i) => property(list, String(i)));
  const parts = ['cause', 'error', 'suppressed'].map((name) => property(value, name));
  return [...parts, ...errors].filter((part) => part !== undefined && part !== null);
}

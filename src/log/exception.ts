/** Describes a thrown value, whatever it is, without trusting it. */
import { attempt, cleanText, property, textProperty } from '../untrusted.ts';

/** A thrown value in plain text, every part cut to a stated length. */
export interface ExceptionDescription {
  /** The error's name, or the type of a value that is no Error; up to 128 characters. */
  readonly type: string;
  /** Up to 2048 characters. */
  readonly message: string;
  /** Up to 4096 characters. */
  readonly stacktrace?: string;
  /** The causes and the errors of an AggregateError, up to five, a line each of up to 320 characters. */
  readonly cause?: string;
  /** An error's own code, up to 128 characters. */
  readonly code?: string;
  /** The status of a thrown answer, or of an error that names one. */
  readonly status?: number;
  /** What the runtime says of it, each where it is set. */
  readonly flags?: readonly Flag[];
}

const flags = ['retryable', 'remote', 'overloaded', 'durableObjectReset'] as const;
type Flag = (typeof flags)[number];

const MAXIMUM_CAUSES = 5;

/** Describes any thrown value: an Error, a string, a Proxy that throws on everything. Never throws. */
export function describeException(thrown: unknown): ExceptionDescription {
  const stacktrace = stackOf(thrown);
  const cause = causesOf(thrown);
  const code = property(thrown, 'code');
  const status = property(thrown, 'status');
  const set = flags.filter((flag) => property(thrown, flag) === true);
  return {
    type: nameOf(thrown),
    message: cleanText(messageOf(thrown), 2048),
    ...(stacktrace !== '' && { stacktrace }),
    ...(cause !== '' && { cause }),
    ...((typeof code === 'string' || typeof code === 'number') && { code: cleanText(String(code), 128) }),
    ...(typeof status === 'number' && { status }),
    ...(set.length > 0 && { flags: set }),
  };
}

function nameOf(thrown: unknown): string {
  if (thrown === null) return 'null';
  if (typeof thrown !== 'object' && typeof thrown !== 'function') return typeof thrown;
  const name = textProperty(thrown, 'name') || textProperty(property(thrown, 'constructor'), 'name');
  return cleanText(name || typeof thrown, 128);
}

function messageOf(thrown: unknown): string {
  const message = property(thrown, 'message');
  return typeof message === 'string' ? message : (attempt(() => textOf(thrown)) ?? '');
}

/** A value without a message: a primitive as it is, plain data as JSON, else its kind. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  const json = isPlain ? attempt(() => JSON.stringify(value)) : undefined;
  return json ?? Object.prototype.toString.call(value);
}

function stackOf(thrown: unknown): string {
  const stack = textProperty(thrown, 'stack');
  const frames = stack.indexOf('\n    at ');
  // The lines before the frames repeat the message, which may be longer than all the rest.
  const short = frames > 512 ? cleanText(stack.slice(0, frames), 512) + stack.slice(frames) : stack;
  return cleanText(short, 4096);
}

function causesOf(thrown: unknown): string {
  const causes: string[] = [];
  const waiting = causesWithin(thrown);
  while (waiting.length > 0 && causes.length < MAXIMUM_CAUSES) {
    const cause = waiting.shift();
    causes.push(cleanText(`${nameOf(cause)}: ${messageOf(cause)}`, 320).replace(/\s*\n\s*/g, ' '));
    waiting.push(...causesWithin(cause));
  }
  return causes.join('\n');
}

/** The `cause` of a value, and the `errors` of an AggregateError. */
function causesWithin(value: unknown): unknown[] {
  const errors = attempt(() => {
    const list = property(value, 'errors');
    return Array.isArray(list) ? list.slice(0, MAXIMUM_CAUSES) : [];
  });
  return [property(value, 'cause'), ...(errors ?? [])].filter(
    (cause) => cause !== undefined && cause !== null,
  );
}

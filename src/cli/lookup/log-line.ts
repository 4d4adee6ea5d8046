/** Log lines from any log store. Some of them are records of the Worker. */
import { attempt, property } from '../../untrusted.ts';

/** A JSON object from outside. It may have any keys. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** One stored log line. */
export interface LogLine {
  /** Unique in its store. */
  readonly id: string;
  /** When it was logged, in milliseconds since 1970. */
  readonly time: number;
  /** debug, info, log, warn or error. */
  readonly level: string;
  /** The Worker that logged it. */
  readonly service?: string | undefined;
  /** The same for all lines of one handled request; empty if the store does not say. */
  readonly invocation: string;
  /** The logged object that has a `request_id`, if there is one. */
  readonly record?: JsonObject | undefined;
  /** Everything that was logged, as text. */
  readonly text: string;
}

/** Makes a log line from the stored form of a console call. */
export function toLogLine(logged: unknown, facts: Omit<LogLine, 'record' | 'text'>): LogLine {
  return { ...facts, record: findRecord(logged), text: loggedText(logged) };
}

/** True for an object that is not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Finds the record in the stored form of one console call: the object itself, its JSON text, a list of arguments,
 * or any of these as `message`. If wrangler dev runs several Workers, it puts the Worker's name before the arguments.
 */
function findRecord(logged: unknown, depth = 3): JsonObject | undefined {
  if (depth === 0) return undefined;
  if (typeof logged === 'string') {
    const parsed: unknown = attempt(() => JSON.parse(logged));
    return findRecord(parsed, depth - 1);
  }
  if (Array.isArray(logged)) return logged.map((argument) => findRecord(argument, depth - 1)).find(Boolean);
  if (!isJsonObject(logged)) return undefined;
  return typeof logged['request_id'] === 'string' ? logged : findRecord(logged['message'], depth - 1);
}

function loggedText(logged: unknown): string {
  if (typeof logged === 'string') return logged;
  if (Array.isArray(logged)) return logged.map(loggedText).join(' ');
  const isCall =
    isJsonObject(logged) && Object.keys(logged).every((key) => key === 'message' || key === 'level');
  return isCall ? loggedText(logged['message']) : (JSON.stringify(logged) ?? '');
}

/** The fact at a path such as `origin.status_code`, nested or flattened, as text: `a, b` of a list, none of an object. */
export function recordFact(record: unknown, path: string): string | undefined {
  const found = path.split('.').reduce(property, record) ?? property(record, path);
  if (Array.isArray(found)) return found.map(String).join(', ');
  return ['string', 'number', 'boolean'].includes(typeof found) ? String(found) : undefined;
}

/** The number at a path; undefined for any other value. */
export function numberFact(value: unknown, path: string): number | undefined {
  const found = path.split('.').reduce(property, value);
  return typeof found === 'number' ? found : undefined;
}

/** True for the record of a failure, false for one that adds to it. */
export function isFailure({ record }: LogLine): boolean {
  return recordFact(record, 'error.type') !== undefined;
}

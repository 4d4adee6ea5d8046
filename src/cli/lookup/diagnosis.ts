/** What a record says has failed: one kind of the table of failures. */
import { recordFact, type JsonObject } from './log-line.ts';

/** The kinds of failures that differ in whose fault they are and in what to do next. */
export type Kind =
  | 'origin-answered'
  | 'origin-on-purpose'
  | 'origin-threw'
  | 'cloudflare-answered'
  | 'unreachable'
  | 'timed-out'
  | 'application-answered'
  | 'application-threw'
  | 'asked-itself'
  | 'interceptor'
  | 'drill'
  | 'unknown';

/** The kind of a failure, from its record. */
export function kindOf(record: JsonObject): Kind {
  const message = recordFact(record, 'message') ?? '';
  const type = recordFact(record, 'error.type') ?? '';
  const hasStatus = recordFact(record, 'origin.status_code') !== undefined;
  switch (recordFact(record, 'error.source')) {
    case 'origin':
      if (message.endsWith(' on purpose')) return 'origin-on-purpose';
      return /^\d{3}$/.test(type) || hasStatus ? 'origin-answered' : 'origin-threw';
    case 'application':
      return /^\d{3}$/.test(type) ? 'application-answered' : 'application-threw';
    case 'network':
      if (hasStatus) return 'cloudflare-answered';
      return type === 'http_response_timeout' || /timed out/i.test(message) ? 'timed-out' : 'unreachable';
    case 'interceptor':
      return type === 'proxy_loop_detected' ? 'asked-itself' : 'interceptor';
    case 'drill':
      return 'drill';
    default:
      return 'unknown';
  }
}

/** Log records as the Worker writes them, and the events that Workers Logs makes of them. */
import { randomUUID } from 'node:crypto';
import type { LogRecord } from '../../src/log/record.ts';
import type { OriginBodyRecord } from '../../src/log/origin-body.ts';
import type { TelemetryEvent } from '../support/telemetry-types.ts';
import { validRecord } from '../support/valid-record.ts';

export const MINUTE = 60_000;

type Fields = Record<string, unknown>;

/** A new ID that was made this many milliseconds ago. */
export function idOfAge(ms: number): string {
  return idAt(Date.now() - ms, randomUUID().slice(15));
}

/**
 * An ID as the Worker makes them, a UUIDv7.
 * @param time its time of creation in milliseconds since 1970
 * @param random the rest of it, in the form of `randomUUID().slice(15)`
 */
export function idAt(time: number, random: string): string {
  const digits = time.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7${random}`;
}

/** The record of an origin that answered 503. */
export function failureRecord(id: string, fields: Fields = {}): Fields {
  const record: LogRecord = {
    message: 'Origin answered 503',
    request_id: id,
    error: { type: '503', source: 'origin' },
    http: { request: { method: 'GET' }, response: { status_code: 500 } },
    server: { address: 'shop.example' },
    url: { scheme: 'https', path: '/checkout' },
    origin: { status_code: 503, duration_ms: 42, server: 'nginx', content_type: 'text/html' },
    answer: { format: 'html', language: 'de' },
    user_agent: { original: 'Mozilla/5.0 (X11; Linux x86_64)' },
    geo: { country: { iso_code: 'DE' } },
    network: { protocol: { version: '3' } },
    cloudflare: {
      ray_id: '9a1b2c3d4e5f6071',
      colo: 'FRA',
      asn: 3320,
      script_version: { id: 'b8e2c1d0-3f4a-4c5b-9d6e-7f8091a2b3c4' },
    },
    service: { version: 'v1.2.0' },
    trace_id: '0af7651916cd43dd8448eb211c80319c',
  };
  return { ...validRecord(record), ...fields };
}

/** The second record, with the start of the origin's error body. */
export function bodyRecord(id: string, body: string, fields: Fields = {}): Fields {
  const record: OriginBodyRecord = {
    message: 'Origin error body',
    request_id: id,
    origin: { status_code: 503, content_type: 'text/html', body },
  };
  return { ...validRecord(record), ...fields };
}

let events = 0;

/** A log line in Workers Logs. */
export function logEvent(
  source: string | Fields,
  { age = 0, invocation = 'invocation-1', level = 'error' } = {},
): TelemetryEvent {
  events += 1;
  return {
    $metadata: {
      id: `event-${events}`,
      requestId: invocation,
      service: 'edge-error-interceptor',
      level,
      type: 'cf-worker-log',
    },
    dataset: 'cloudflare-workers',
    source,
    timestamp: Date.now() - age,
  };
}

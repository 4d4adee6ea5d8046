/** Log records as the Worker writes them, and the events that Workers Logs makes of them. */
import { ulid } from 'ulid';
import type { LogRecord } from '../../src/log/record.ts';
import type { OriginBodyRecord } from '../../src/log/origin-body.ts';
import type { TelemetryEvent } from '../support/telemetry-types.ts';
import { validRecord } from '../support/valid-record.ts';

export const MINUTE = 60_000;

type Fields = Record<string, unknown>;

/** A new ID that was made this long ago. */
export function idOfAge(ms: number): string {
  return ulid(Date.now() - ms);
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

/** The same record as version 0.1.0 wrote it. */
export function recordOfOldVersion(id: string): Fields {
  const record = { ...failureRecord(id) };
  for (const added of ['geo', 'network', 'service']) delete record[added];
  return {
    ...record,
    url: { path: '/checkout' },
    cloudflare: {
      ray_id: '9a1b2c3d4e5f6071',
      colo: 'FRA',
      country: 'DE',
      asn: 3320,
      http_protocol: 'HTTP/3',
    },
    worker: { version_id: 'b8e2c1d0-3f4a-4c5b-9d6e-7f8091a2b3c4', version_tag: 'v1.2.0' },
  };
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

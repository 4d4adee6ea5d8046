/** What the facts of a record are called on the screen, and where they stand. */
import type { OriginBodyRecord } from '../../log/origin-body.ts';
import type { LogRecord } from '../../log/record.ts';
import type { PathsOf } from '../../log/record-paths.ts';
import { errorCodeWithMeaning } from './verdict.ts';

/** Where facts are in a record, and in what adds to it. A field of these types that is missing below is an error. */
export type RecordPath = NonNullable<PathsOf<LogRecord> | PathsOf<OriginBodyRecord>>;

/** Sections in the order in which they are printed. */
export const SECTIONS = [
  'Failure',
  'Exception',
  'Request',
  'Origin',
  'Answer to the visitor',
  'Visitor',
  'Cloudflare',
  'Worker',
] as const;

/** Where a fact stands. */
export type Place =
  /** A line of a section, and how its value is written. */
  | {
      readonly section: (typeof SECTIONS)[number];
      readonly label: string;
      readonly write?: (value: string) => string;
    }
  /** A text of several lines, below this heading. */
  | { readonly block: string }
  /** In a sentence of its own. */
  | 'told';

/** Each fact that a record may hold, in the order in which it is printed. */
export const FACTS: Readonly<Record<RecordPath, Place>> = {
  message: 'told',
  request_id: 'told',
  'error.type': { section: 'Failure', label: 'error type' },
  'error.source': { section: 'Failure', label: 'source' },
  'error.previous': { section: 'Failure', label: 'first failure' },
  'exception.type': 'told',
  'exception.message': 'told',
  'exception.code': { section: 'Exception', label: 'code' },
  'exception.status': { section: 'Exception', label: 'status' },
  'exception.flags': { section: 'Exception', label: 'flags' },
  'exception.stacktrace': { block: 'Stack' },
  'exception.cause': { block: 'Caused by' },
  'http.request.method': { section: 'Request', label: 'method' },
  'url.scheme': { section: 'Request', label: 'scheme' },
  'server.address': { section: 'Request', label: 'host' },
  'server.port': { section: 'Request', label: 'port' },
  'url.path': { section: 'Request', label: 'path' },
  'client.request_id': { section: 'Request', label: "visitor's own ID" },
  trace_id: { section: 'Request', label: 'trace ID' },
  'origin.status_code': { section: 'Origin', label: 'status' },
  'origin.duration_ms': { section: 'Origin', label: 'duration', write: (value) => `${value} ms` },
  'origin.server': { section: 'Origin', label: 'server' },
  'origin.content_type': { section: 'Origin', label: 'content type' },
  'origin.request_id': { section: 'Origin', label: 'request ID' },
  'origin.ray_id': { section: 'Origin', label: 'Ray ID' },
  'origin.proxy_status': { section: 'Origin', label: 'Proxy-Status' },
  'origin.body_size': {
    section: 'Origin',
    label: 'body',
    write: (value) => (value === '0' ? 'empty' : `${value} bytes`),
  },
  'origin.body': { block: "Origin's error body" },
  'http.response.status_code': { section: 'Answer to the visitor', label: 'status' },
  'answer.format': { section: 'Answer to the visitor', label: 'format' },
  'answer.language': { section: 'Answer to the visitor', label: 'language' },
  'user_agent.original': { section: 'Visitor', label: 'user agent' },
  'geo.country.iso_code': { section: 'Visitor', label: 'country' },
  'cloudflare.asn': { section: 'Visitor', label: 'network', write: (value) => `AS${value}` },
  'network.protocol.version': { section: 'Visitor', label: 'protocol', write: httpVersion },
  'cloudflare.verified_bot_category': { section: 'Visitor', label: 'verified bot' },
  'cloudflare.ray_id': { section: 'Cloudflare', label: 'Ray ID' },
  'cloudflare.colo': { section: 'Cloudflare', label: 'data center' },
  'cloudflare.error_code': { section: 'Cloudflare', label: 'error code', write: errorCodeWithMeaning },
  'cloudflare.script_version.id': { section: 'Worker', label: 'version' },
  'service.version': { section: 'Worker', label: 'tag' },
};

function httpVersion(value: string): string {
  return value.startsWith('HTTP/') ? value : `HTTP/${value}`;
}

/** The labels of a record's facts on the screen, and their sections. */
import type { OriginBodyRecord } from '../../log/origin-body.ts';
import type { LogRecord } from '../../log/record.ts';
import type { PathsOf } from '../../log/record-paths.ts';
import { errorCodeWithMeaning } from './verdict.ts';

/** The path of a fact in a record or in an addition. TypeScript refuses a table below that lacks one. */
type RecordPath = NonNullable<PathsOf<LogRecord> | PathsOf<OriginBodyRecord>>;

/** A section, a label and a writer; or nothing, for a fact that is printed in another way. */
type Place = readonly [section: string, label: string, write?: (value: string) => string] | readonly [];

/** Each fact that a record may hold; sections and facts are printed in this order. */
export const FACTS: Readonly<Record<RecordPath, Place>> = {
  message: [],
  request_id: [],
  'error.type': ['Failure', 'error type'],
  'error.source': ['Failure', 'source'],
  'error.previous': ['Failure', 'failed first'],
  'exception.type': ['Exception', 'type'],
  'exception.message': ['Exception', 'message'],
  'exception.code': ['Exception', 'code'],
  'exception.status': ['Exception', 'status'],
  'exception.flags': ['Exception', 'flags'],
  'http.request.method': ['Request', 'method'],
  'url.scheme': ['Request', 'scheme'],
  'server.address': ['Request', 'host'],
  'server.port': ['Request', 'port'],
  'url.path': ['Request', 'path'],
  'client.request_id': ['Request', 'X-Request-Id'],
  trace_id: ['Request', 'trace ID'],
  'origin.status_code': ['Origin', 'status'],
  'origin.duration_ms': ['Origin', 'duration', (value) => `${value} ms`],
  'origin.server': ['Origin', 'server'],
  'origin.content_type': ['Origin', 'content type'],
  'origin.request_id': ['Origin', 'request ID'],
  'origin.ray_id': ['Origin', 'Ray ID'],
  'origin.proxy_status': ['Origin', 'Proxy-Status'],
  'origin.body_size': ['Origin', 'body', (value) => (value === '0' ? 'empty' : `${value} bytes`)],
  'http.response.status_code': ['Answer to the visitor', 'status'],
  'answer.format': ['Answer to the visitor', 'format'],
  'answer.language': ['Answer to the visitor', 'language'],
  'user_agent.original': ['Visitor', 'user agent'],
  'geo.country.iso_code': ['Visitor', 'country'],
  'cloudflare.asn': ['Visitor', 'network', (value) => `AS${value}`],
  'network.protocol.version': ['Visitor', 'protocol', (value) => `HTTP/${value}`],
  'cloudflare.verified_bot_category': ['Visitor', 'verified bot'],
  'cloudflare.ray_id': ['Cloudflare', 'Ray ID'],
  'cloudflare.colo': ['Cloudflare', 'data center'],
  'cloudflare.error_code': ['Cloudflare', 'error code', errorCodeWithMeaning],
  'cloudflare.script_version.id': ['Worker', 'version'],
  'service.version': ['Worker', 'tag'],
  'exception.stacktrace': [],
  'exception.cause': [],
  'origin.body': [],
};

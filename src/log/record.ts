/** The record of a failure: its type, and the function that makes it from an incident. */
import type { Incident } from '../incident.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import { property, textProperty } from '../untrusted.ts';
import { describeException, type ExceptionDescription } from './exception.ts';
import { fact } from './fact.ts';
import { scrubId, scrubText } from '../scrub/scrub.ts';

/**
 * The record of a failure: plain JSON, under 32 kB, without absent facts. `log-record.schema.json` publishes it as a
 * JSON Schema. Names follow OpenTelemetry 1.45 (https://opentelemetry.io/docs/specs/semconv/) unless another source
 * is given.
 */
export interface LogRecord {
  /** A stable text without ID or URL. Workers Issues groups records by it. */
  readonly message: string;
  /** The ID on the page. */
  readonly request_id: string;
  /** Facts about the sender of the request. */
  readonly client?: {
    /** The visitor's own `X-Request-Id`. It went on to the origin unchanged. */
    readonly request_id: string;
  };
  readonly error: {
    /** A Proxy-Status error type (RFC 9209 §2.3), a status, or an exception's name. */
    readonly type: string;
    /** Who failed. The name of this fact is our own. */
    readonly source: 'origin' | 'network' | 'application' | 'interceptor' | 'drill';
    /** The message of the failure that was being answered when the interceptor itself failed. */
    readonly previous?: string;
  };
  readonly http: {
    readonly request: { readonly method: string };
    /**
     * The status that the visitor got. An answer of our own never has 502 or 504, because Cloudflare replaces a Worker's
     * 502 and 504 by a page of its own.
     */
    readonly response: { readonly status_code: number };
  };
  readonly url: {
    readonly scheme?: string;
    /** The path without the query, and with `…` for secrets. */
    readonly path: string;
  };
  /** The host that the visitor asked. The port is absent if it is the default port of the scheme. */
  readonly server: { readonly address: string; readonly port?: number };
  /** The exchange with the origin. */
  readonly origin: {
    /** The origin's own status. */
    readonly status_code?: number;
    /** Milliseconds from handing the request on until the response headers or the failure. */
    readonly duration_ms: number;
    /** The origin's `Server` header (RFC 9110 §10.2.4). */
    readonly server?: string;
    /** The origin's `Content-Type` header. */
    readonly content_type?: string;
    /** 0 if the origin's answer had no body, as far as its headers say. Absent otherwise. */
    readonly body_size?: number;
    /** The ID that the origin or its host gave the request, in `X-Request-Id` or a header like it. */
    readonly request_id?: string;
    /** The Ray ID of the exchange with the origin (`CF-Ray`). It differs from the visitor's. */
    readonly ray_id?: string;
    /** The origin's `Proxy-Status` (RFC 9209). */
    readonly proxy_status?: string;
  };
  /** The thrown value. */
  readonly exception?: ExceptionDescription;
  readonly answer: {
    /**
     * The form of our own answer. `origin`: the origin's answer was passed on. `preflight`: we answered a CORS preflight
     * ourselves. `last-resort`: the page that is built from literals.
     */
    readonly format:
      'html' | 'fragment' | 'json' | 'markdown' | 'text' | 'origin' | 'preflight' | 'last-resort';
    readonly language?: string;
  };
  readonly user_agent?: { readonly original: string };
  readonly geo?: { readonly country: { readonly iso_code: string } };
  readonly network?: { readonly protocol: { readonly version: string } };
  /** The names of Cloudflare's own spans (https://developers.cloudflare.com/workers/observability/traces/). */
  readonly cloudflare?: {
    readonly ray_id?: string;
    readonly colo?: string;
    readonly asn?: number;
    readonly verified_bot_category?: string;
    readonly script_version?: { readonly id: string };
  };
  /** The tag of the version of this Worker that ran. */
  readonly service?: { readonly version: string };
  /** The trace ID of the client's `traceparent` (https://www.w3.org/TR/trace-context/). It is not Cloudflare's own. */
  readonly trace_id?: string;
}

/** The facts about the answer that a record holds. */
export type AnswerInRecord = LogRecord['answer'] & { readonly status: number };

/** Makes the record of a failure. Absent facts are absent keys. */
export function toLogRecord(incident: Incident, answer: AnswerInRecord): LogRecord {
  const { request, url, requestId, failure, diagnosis, settings } = incident;
  const { headers, cf } = request;
  const userAgent = headerText(headers, 'user-agent', 512);
  const country = scrubText(textProperty(cf, 'country'), 16);
  const protocol = scrubText(textProperty(cf, 'httpProtocol'), 16).replace(/^HTTP\//i, '');
  const cloudflare = cloudflareFacts(request, settings.version.id);
  const version = scrubText(settings.version.tag, 128);
  const traceId = traceIdOf(headers);
  const ids = idsOf(incident, traceId);
  const clientId = clientIdOf(incident);
  return {
    message: diagnosis.message,
    request_id: requestId,
    ...(clientId && { client: { request_id: clientId } }),
    error: {
      type: scrubText(diagnosis.type, 128),
      source: diagnosis.source,
      ...fact('previous', incident.previous),
    },
    http: {
      request: { method: scrubText(request.method, 32) },
      response: { status_code: answer.status },
    },
    url: {
      ...fact('scheme', url?.protocol.slice(0, -1)),
      path: scrubText(url?.pathname ?? '', 1024, ids),
    },
    // The host that the visitor asked is no secret, even if it is an IP address.
    server: { address: (url?.hostname ?? '').slice(0, 256), ...(url?.port && { port: Number(url.port) }) },
    origin: {
      ...originFacts(incident),
      duration_ms: Math.max(0, incident.failedAt - incident.startedAt),
    },
    ...('exception' in failure && { exception: describeException(failure.exception, ids) }),
    answer: { format: answer.format, ...fact('language', answer.language) },
    ...(userAgent && { user_agent: { original: userAgent } }),
    ...(country && { geo: { country: { iso_code: country } } }),
    ...(protocol && { network: { protocol: { version: protocol } } }),
    ...(Object.keys(cloudflare).length > 0 && { cloudflare }),
    ...(version && { service: { version } }),
    ...fact('trace_id', traceId),
  };
}

const PRINTABLE = /^[ -~]*$/;
const LONGEST_ID = 200;

/** The visitor's own ID. Empty if it is the request's ID, or has characters that no ID has. */
function clientIdOf({ request, requestId }: Incident): string {
  const id = request.headers.get(REQUEST_ID_HEADER)?.trim() ?? '';
  return id !== requestId && PRINTABLE.test(id) ? scrubId(id, LONGEST_ID) : '';
}

function originFacts({ request, failure }: Incident): Omit<LogRecord['origin'], 'duration_ms'> {
  if (failure.kind !== 'answered') return {};
  const { status, headers } = failure.response;
  return {
    status_code: status,
    ...fact('server', headerText(headers, 'server', 128)),
    ...fact('content_type', headerText(headers, 'content-type', 128)),
    ...fact('request_id', scrubId(ownIdOf(headers), LONGEST_ID)),
    ...(request.method !== 'HEAD' && isEmpty(failure.response) && { body_size: 0 }),
    ...fact('ray_id', rayIdOf(headers)),
    ...fact('proxy_status', headerText(headers, 'proxy-status', 512)),
  };
}

/** The headers in which origins and their hosts (Vercel, AWS, CloudFront, Fly) name a request. */
const ID_HEADERS = [
  REQUEST_ID_HEADER,
  'x-vercel-id',
  'x-amzn-requestid',
  'x-amz-cf-id',
  'fly-request-id',
  'x-correlation-id',
];

function ownIdOf(headers: Headers): string {
  const name = ID_HEADERS.find((name) => headers.get(name));
  return (name !== undefined && headers.get(name)) || '';
}

/** True if the answer has no body. It often means that the process died: PHP answers so if it shows no errors. */
function isEmpty({ body, headers }: Response): boolean {
  return body === null || headers.get('content-length') === '0';
}

/** The form of Cloudflare's Ray ID. Off Cloudflare a visitor may send anything in that header. */
const RAY_ID = /^[\w-]{1,64}$/;

function rayIdOf(headers: Headers): string {
  const id = headers.get('cf-ray') ?? '';
  return RAY_ID.test(id) ? id : '';
}

function cloudflareFacts({ headers, cf }: Request, versionId: string): NonNullable<LogRecord['cloudflare']> {
  const asn = property(cf, 'asn');
  return {
    ...fact('ray_id', rayIdOf(headers)),
    ...fact('colo', scrubText(textProperty(cf, 'colo'), 16)),
    ...(typeof asn === 'number' && { asn }),
    ...fact('verified_bot_category', scrubText(textProperty(cf, 'verifiedBotCategory'), 64)),
    ...(versionId && { script_version: { id: scrubText(versionId, 64) } }),
  };
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;

/** The trace ID of a valid `traceparent`: https://www.w3.org/TR/trace-context/#traceparent-header */
function traceIdOf(headers: Headers): string | undefined {
  return TRACEPARENT.exec(headers.get('traceparent')?.slice(0, 64) ?? '')?.[1];
}

/** The IDs of this request. The scrubber leaves them, whatever they look like. */
function idsOf({ request, url, requestId, failure }: Incident, traceId: string | undefined): string[] {
  const ids = [requestId, traceId, rayIdOf(request.headers)];
  // The IP address that the visitor asked for stays too.
  if (url !== undefined && /^[\d.]+$|^\[/.test(url.hostname)) ids.push(url.hostname.replace(/^\[|\]$/g, ''));
  if (failure.kind === 'answered') {
    const { headers } = failure.response;
    const ownId = ownIdOf(headers);
    // If the origin only repeats the visitor's ID, do not exempt it: the visitor may have sent a secret.
    if (ownId !== request.headers.get(REQUEST_ID_HEADER)) ids.push(ownId);
    ids.push(rayIdOf(headers));
  }
  return ids.filter((id) => id !== undefined);
}

function headerText(headers: Headers, name: string, limit: number): string {
  return scrubText(headers.get(name) ?? '', limit);
}

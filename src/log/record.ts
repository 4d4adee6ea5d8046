/** The record of a failure: its type, and how it follows from an incident. */
import type { Incident } from '../incident.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import { property, textProperty } from '../untrusted.ts';
import { describeException, type ExceptionDescription } from './exception.ts';
import { fact } from './fact.ts';
import { scrubId, scrubText } from '../scrub/scrub.ts';

/**
 * The record of a failure: plain JSON, under 32 kB, absent facts left out. Published as a JSON Schema in
 * `log-record.schema.json`. Names follow OpenTelemetry 1.45 (https://opentelemetry.io/docs/specs/semconv/)
 * unless another source is given.
 */
export interface LogRecord {
  /** Stable text without ID or URL: Workers Issues groups records by it. */
  readonly message: string;
  /** The ID on the page. */
  readonly request_id: string;
  /** Facts about the sender of the request. */
  readonly client?: {
    /** The visitor's own `X-Request-Id`, which went on to the origin as it was. */
    readonly request_id: string;
  };
  readonly error: {
    /** A Proxy-Status error type (RFC 9209 §2.3), a status, or an exception's name. */
    readonly type: string;
    /** Who failed; our own name. */
    readonly source: 'origin' | 'network' | 'application' | 'interceptor' | 'drill';
    /** The message of the failure that was being answered when the interceptor itself failed. */
    readonly previous?: string;
  };
  readonly http: {
    readonly request: { readonly method: string };
    /**
     * The status that the visitor got. Of an answer of our own it is never 502 or 504: Cloudflare replaces a
     * Worker's 502 and 504 by a page of its own.
     */
    readonly response: { readonly status_code: number };
  };
  readonly url: {
    readonly scheme?: string;
    /** Never the query, and `…` for secrets. */
    readonly path: string;
  };
  /** The host that the visitor asked, and its port where that is not the scheme's own. */
  readonly server: { readonly address: string; readonly port?: number };
  /** The exchange with the origin. */
  readonly origin: {
    /** The origin's own status. */
    readonly status_code?: number;
    /** From handing the request on to the response headers or the failure, in milliseconds. */
    readonly duration_ms: number;
    /** The origin's `Server` header (RFC 9110 §10.2.4). */
    readonly server?: string;
    /** The origin's `Content-Type` header. */
    readonly content_type?: string;
    /** 0 where the origin's answer had no body, as far as its headers say. */
    readonly body_size?: number;
    /** The name that the origin, or the host that runs it, gave the request: its `X-Request-Id`, or one of its kind. */
    readonly request_id?: string;
    /** The Ray ID of the exchange with the origin (`CF-Ray`), which is not the visitor's. */
    readonly ray_id?: string;
    /** The origin's `Proxy-Status` (RFC 9209). */
    readonly proxy_status?: string;
  };
  /** What was thrown. */
  readonly exception?: ExceptionDescription;
  readonly answer: {
    /**
     * A form of our own; or `origin`: the origin's answer was passed on; `preflight`: we answered a CORS
     * preflight ourselves; `last-resort`: the page that is built from literals.
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
  /** From a valid `traceparent` (https://www.w3.org/TR/trace-context/): the client's, not Cloudflare's. */
  readonly trace_id?: string;
}

/** The facts of an answer that a record holds. */
export type AnswerInRecord = LogRecord['answer'] & { readonly status: number };

/** The record of a failure: absent facts are absent keys. */
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
    // The host that was asked is no secret, also where it is an IP address.
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

/** The visitor's own ID; nothing where it is the request's, or has characters that no ID has. */
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

/** The headers by which origins and their hosts name a request: Vercel, AWS, CloudFront, Fly. */
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

/** An empty body says that the process died: so do PHP's, where no error is shown. */
function isEmpty({ body, headers }: Response): boolean {
  return body === null || headers.get('content-length') === '0';
}

/** Cloudflare's own; off Cloudflare a visitor may send anything, which then says nothing. */
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

/** The names that this request goes by: they stay, whatever they look like. */
function idsOf({ request, url, requestId, failure }: Incident, traceId: string | undefined): string[] {
  const ids = [requestId, traceId, rayIdOf(request.headers)];
  // The host that was asked stays, where it is an address.
  if (url !== undefined && /^[\d.]+$|^\[/.test(url.hostname)) ids.push(url.hostname.replace(/^\[|\]$/g, ''));
  if (failure.kind === 'answered') {
    const { headers } = failure.response;
    const ownId = ownIdOf(headers);
    // An ID that only repeats the visitor's is no reason to show what looks like it.
    if (ownId !== request.headers.get(REQUEST_ID_HEADER)) ids.push(ownId);
    ids.push(rayIdOf(headers));
  }
  return ids.filter((id) => id !== undefined);
}

function headerText(headers: Headers, name: string, limit: number): string {
  return scrubText(headers.get(name) ?? '', limit);
}

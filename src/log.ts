/** A failure becomes one record in Workers Logs. */
import { describeException, type ExceptionDescription } from './exception.ts';
import { diagnose, type Diagnosis, type Failure } from './failure.ts';
import type { Format } from './negotiate.ts';
import type { LanguageTag } from './page/languages.ts';
import type { Settings } from './settings.ts';
import { attempt, cleanText, property, textProperty, withoutParameterValues } from './untrusted.ts';

/** A failed request: what every step after the failure needs to know. */
export interface Incident {
  readonly request: Request;
  readonly requestId: string;
  readonly settings: Settings;
  readonly failure: Failure;
  /** When the request arrived, in milliseconds since 1970. */
  readonly startedAt: number;
  /** When it failed, in milliseconds since 1970. */
  readonly failedAt: number;
}

/** What the visitor gets, in the words of the record. */
export interface AnswerFacts {
  readonly status: number;
  /** `origin`: the origin's own answer was passed on. */
  readonly format: Format | 'origin';
  readonly language?: LanguageTag;
}

/**
 * The record of a failure: plain JSON, under 32 kB, absent facts left out. Published as a JSON Schema in
 * `src/log-record.schema.json`. Names follow OpenTelemetry's semantic conventions
 * (https://opentelemetry.io/docs/specs/semconv/) unless another source is given.
 */
export interface LogRecord {
  /** Stable text without ID or URL: Workers Issues groups records by it. */
  readonly message: string;
  /** The ID on the page. */
  readonly request_id: string;
  readonly error: {
    /** A Proxy-Status error type (RFC 9209 §2.3), or the origin's status as text. */
    readonly type: string;
    /** Who failed: the origin, the way to it, or this Worker. */
    readonly source: Diagnosis['source'];
  };
  readonly http: {
    readonly request: { readonly method: string };
    /** The status that the visitor got. */
    readonly response: { readonly status_code: number };
  };
  /** The host that the visitor asked. */
  readonly server: { readonly address: string };
  /** Never the query, and `…` for the value of a parameter in the path. */
  readonly url: { readonly path: string };
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
  };
  /** What was thrown. */
  readonly exception?: ExceptionDescription;
  readonly answer: { readonly format: Format | 'origin'; readonly language?: LanguageTag };
  readonly user_agent?: { readonly original: string };
  /** Cloudflare's own names (https://developers.cloudflare.com/workers/runtime-apis/request/). */
  readonly cloudflare?: {
    readonly ray_id?: string;
    readonly colo?: string;
    readonly country?: string;
    readonly asn?: number;
    readonly http_protocol?: string;
  };
  /** From a valid `traceparent` (https://www.w3.org/TR/trace-context/). */
  readonly trace_id?: string;
  /** The version of this Worker that ran. */
  readonly worker?: { readonly version_id?: string; readonly version_tag?: string };
}

/** Writes the record of a failure, as one `console.error` of one object. Never throws. */
export function report(incident: Incident, answer: AnswerFacts): void {
  attempt(() => console.error(toLogRecord(incident, answer)));
}

/** The record of a failure. */
function toLogRecord(incident: Incident, answer: AnswerFacts): LogRecord {
  const { request, requestId, failure, settings } = incident;
  const { message, type, source } = diagnose(failure);
  // A Host header that is no host makes a URL that cannot be parsed.
  const url = attempt(() => new URL(request.url));
  const userAgent = headerText(request.headers, 'user-agent', 512);
  const cloudflare = cloudflareFacts(request);
  const traceId = traceIdOf(request.headers);
  const worker = workerFacts(settings);
  return {
    message,
    request_id: requestId,
    error: { type, source },
    http: {
      request: { method: cleanText(request.method, 32) },
      response: { status_code: answer.status },
    },
    server: { address: cleanText(url?.hostname ?? '', 256) },
    url: { path: withoutParameterValues(cleanText(url?.pathname ?? '', 1024)) },
    origin: { ...originFacts(failure), duration_ms: Math.max(0, incident.failedAt - incident.startedAt) },
    ...('thrown' in failure && { exception: describeException(failure.thrown) }),
    answer: { format: answer.format, ...(answer.language && { language: answer.language }) },
    ...(userAgent !== '' && { user_agent: { original: userAgent } }),
    ...(Object.keys(cloudflare).length > 0 && { cloudflare }),
    ...(traceId !== undefined && { trace_id: traceId }),
    ...(Object.keys(worker).length > 0 && { worker }),
  };
}

function originFacts(failure: Failure): Omit<LogRecord['origin'], 'duration_ms'> {
  if (failure.kind !== 'answered') return {};
  const { status, headers } = failure.response;
  const server = headerText(headers, 'server', 128);
  const contentType = headerText(headers, 'content-type', 128);
  return {
    status_code: status,
    ...(server !== '' && { server }),
    ...(contentType !== '' && { content_type: contentType }),
  };
}

function cloudflareFacts({ headers, cf }: Request): NonNullable<LogRecord['cloudflare']> {
  const rayId = headerText(headers, 'cf-ray', 64);
  const colo = cleanText(textProperty(cf, 'colo'), 16);
  const country = cleanText(textProperty(cf, 'country'), 16);
  const asn = property(cf, 'asn');
  const httpProtocol = cleanText(textProperty(cf, 'httpProtocol'), 16);
  return {
    ...(rayId !== '' && { ray_id: rayId }),
    ...(colo !== '' && { colo }),
    ...(country !== '' && { country }),
    ...(typeof asn === 'number' && { asn }),
    ...(httpProtocol !== '' && { http_protocol: httpProtocol }),
  };
}

/** The trace ID of a valid `traceparent`: https://www.w3.org/TR/trace-context/#traceparent-header */
function traceIdOf(headers: Headers): string | undefined {
  const traceparent = headers.get('traceparent') ?? '';
  const [, traceId] =
    /^(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/.exec(traceparent) ??
    [];
  return traceId;
}

function workerFacts({ version }: Settings): NonNullable<LogRecord['worker']> {
  return {
    ...(version.id !== '' && { version_id: cleanText(version.id, 64) }),
    ...(version.tag !== '' && { version_tag: cleanText(version.tag, 128) }),
  };
}

function headerText(headers: Headers, name: string, limit: number): string {
  return cleanText(headers.get(name) ?? '', limit);
}

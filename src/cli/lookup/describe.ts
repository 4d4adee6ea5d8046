/** A found failure, as text for people. */
import { causeOf } from './cause.ts';
import { meaningOfErrorCode } from './cloudflare-codes.ts';
import type { FoundFailure } from './find.ts';
import { isoTime } from '../format.ts';
import { fact, isJsonObject, type JsonObject, type LogLine } from './log-line.ts';
import type { Paint } from './paint.ts';
import { printable, printableBlock } from '../printable.ts';

// Heading, and the facts below it: label and path in the record.
const GROUPS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['Failure', { 'error type': 'error.type', source: 'error.source' }],
  [
    'Request',
    {
      method: 'http.request.method',
      host: 'server.address',
      path: 'url.path',
      'trace ID': 'trace_id',
    },
  ],
  [
    'Origin',
    {
      status: 'origin.status_code',
      duration: 'origin.duration_ms',
      server: 'origin.server',
      'content type': 'origin.content_type',
    },
  ],
  [
    'Answer to the visitor',
    {
      status: 'http.response.status_code',
      format: 'answer.format',
      language: 'answer.language',
    },
  ],
  [
    'Visitor',
    {
      'user agent': 'user_agent.original',
      country: 'cloudflare.country',
      network: 'cloudflare.asn',
      protocol: 'cloudflare.http_protocol',
    },
  ],
  [
    'Cloudflare',
    {
      'Ray ID': 'cloudflare.ray_id',
      'data center': 'cloudflare.colo',
      'error code': 'cloudflare.error_code',
    },
  ],
  ['Worker', { version: 'worker.version_id', tag: 'worker.version_tag' }],
];
const UNITS: Readonly<Record<string, (value: string) => string>> = {
  'origin.duration_ms': (value) => `${value} ms`,
  'cloudflare.asn': (value) => `AS${value}`,
  'cloudflare.error_code': (value) =>
    `${value} (${meaningOfErrorCode(Number(value)) ?? 'unknown to this program'})`,
};
const BLOCKS: Readonly<Record<string, string>> = {
  'Stack (positions in the bundle)': 'exception.stacktrace',
  'Caused by': 'exception.cause',
  "Origin's error body": 'origin.body',
};
const ELSEWHERE = new Set([
  'message',
  'level', // of the console call, which Workers Logs may store among what was logged
  'request_id',
  'exception.type',
  'exception.message',
  ...Object.values(BLOCKS),
  ...GROUPS.flatMap(([, facts]) => Object.values(facts)),
]);

/** All that is known of one failure: the cause, the facts in groups, stack, origin's body, other log lines. */
export function describe(failure: FoundFailure, paint: Paint): string {
  const { line, record, additions, otherLines } = failure;
  const records = [record, ...additions];
  const facts: Record<string, string> = {
    'request ID': String(record['request_id']),
    time: isoTime(line.time),
    ...(line.service !== undefined && { 'logged by': line.service }),
  };
  const groups = GROUPS.map(([heading, paths]) => section(heading, factLines(records, paths), paint));
  const exception = [fact(record, 'exception.type'), fact(record, 'exception.message')]
    .filter(Boolean)
    .join(': ');
  return [
    paint.alarm(printable(causeOf(record, additions))),
    list(facts),
    ...groups,
    section('Also logged', list(unknownFacts(records)), paint),
    section('Exception', block(exception), paint),
    ...Object.entries(BLOCKS).map(([heading, path]) =>
      section(heading, block(firstFact(records, path)), paint),
    ),
    section('Other log lines of the same request', otherLines.map(logLine).join('\n'), paint),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

  function logLine({ time, level, service, text }: LogLine): string {
    const origin = service !== undefined && service !== line.service ? ` [${printable(service)}]` : '';
    const body = printableBlock(text).replaceAll('\n', '\n      ');
    return `  ${paint.aside(isoTime(time))} ${printable(level)}${origin} ${body}`;
  }
}

function section(heading: string, body: string, paint: Paint): string {
  return body === '' ? '' : `${paint.heading(heading)}\n${body}`;
}

function factLines(records: readonly JsonObject[], paths: Readonly<Record<string, string>>): string {
  const facts: Record<string, string> = {};
  for (const [label, path] of Object.entries(paths)) {
    const value = firstFact(records, path);
    if (value !== undefined) facts[label] = UNITS[path]?.(String(value)) ?? String(value);
  }
  return list(facts);
}

function firstFact(records: readonly JsonObject[], path: string): string | number | boolean | undefined {
  return records.map((record) => fact(record, path)).find((value) => value !== undefined);
}

function list(facts: Readonly<Record<string, string>>): string {
  const width = Math.max(14, ...Object.keys(facts).map((label) => label.length + 2));
  return Object.entries(facts)
    .map(([label, value]) => `  ${printable(label).padEnd(width)}${printable(value)}`)
    .join('\n');
}

function block(text: string | number | boolean | undefined): string {
  // Indented, so that no logged text can pass for a heading.
  return text === undefined || text === ''
    ? ''
    : `  ${printableBlock(String(text)).replaceAll('\n', '\n  ')}`;
}

/** What is in the records and in none of the groups: a newer Worker may log more than this program knows. */
function unknownFacts(records: readonly JsonObject[]): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const record of records) collect(record, '');
  return facts;

  function collect(value: unknown, path: string): void {
    if (ELSEWHERE.has(path)) return;
    if (!isJsonObject(value)) {
      facts[path] = typeof value === 'string' ? value : JSON.stringify(value);
      return;
    }
    for (const [key, nested] of Object.entries(value)) collect(nested, path === '' ? key : `${path}.${key}`);
  }
}

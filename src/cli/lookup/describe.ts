/** A found failure, as text for people. */
import { adviceOn } from './advice.ts';
import { causeOf, requestOf } from './cause.ts';
import { describeCircumstances } from './describe-circumstances.ts';
import { FACTS, OLD_NAMES, SECTIONS, type Place, type RecordPath } from './facts.ts';
import type { FoundFailure } from './find.ts';
import { isoTime } from '../format.ts';
import { isJsonObject, recordFact, type JsonObject, type LogLine } from './log-line.ts';
import type { Circumstances } from './outage.ts';
import type { Paint } from '../terminal.ts';
import type { NameSources } from './source-map.ts';
import { printable, printableBlock } from '../printable.ts';

/** What else is known besides the records. */
export interface Surrounds {
  readonly circumstances?: Circumstances;
  /** Until when the record is kept, as a text. */
  readonly keptUntil?: string;
  /** Names the places of a stack in the source. */
  readonly inSource?: NameSources;
}

const PATHS = recordPaths();

/**
 * All that is known of one failure: cause, fault, what is around it and what to do, then the facts in sections,
 * stack, origin's body and other log lines.
 */
export function describe(
  failure: FoundFailure,
  paint: Paint,
  { circumstances, keptUntil, inSource }: Surrounds,
): string {
  const { line, record, additions, otherLines } = failure;
  const records = [record, ...additions];
  const { fault, next } = adviceOn(record, additions);
  const facts: Record<string, string> = {
    'request ID': recordFact(record, 'request_id') ?? '',
    time: isoTime(line.time),
    ...(line.service !== undefined && { 'logged by': line.service }),
    ...(keptUntil !== undefined && { 'kept until': keptUntil }),
  };
  const exception = [recordFact(record, 'exception.type'), recordFact(record, 'exception.message')]
    .filter(Boolean)
    .join(': ');
  return [
    [paint.alarm(printable(causeOf(record, additions))), fault, ...said(records)].join('\n'),
    list(facts),
    section('Alone or an outage', circumstances ? describeCircumstances(circumstances, record) : '', paint),
    section('What to do', block([...next, ...searches(record, line)].join('\n')), paint),
    ...SECTIONS.map((heading) =>
      section(
        heading,
        [heading === 'Exception' ? block(exception) : '', factLines(records, heading)]
          .filter((part) => part !== '')
          .join('\n'),
        paint,
      ),
    ),
    section('Also logged', list(unknownFacts(records)), paint),
    ...PATHS.flatMap((path) => {
      const place: Place = FACTS[path];
      if (place === 'told' || !('block' in place)) return [];
      const text = firstFact(records, path) ?? '';
      if (path !== 'exception.stacktrace') return [section(place.block, block(text), paint)];
      const heading = inSource
        ? place.block
        : `${place.block} (positions in the bundle; --source-map FILE names the source)`;
      return [section(heading, block(inSource?.(text) ?? text), paint)];
    }),
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

/** What the origin's error body says first: its title and what comes next, which often names the cause. */
function said(records: readonly JsonObject[]): string[] {
  const lines = (firstFact(records, 'origin.body') ?? '').split('\n').map((line) => line.trim());
  const [title, next] = new Set(lines.filter((line) => /\p{L}/u.test(line)));
  if (title === undefined) return [];
  const text = next === undefined ? title : `${title}; ${next}`;
  return [`The origin said: ${printable(text.slice(0, 200))}`];
}

/** What to search for where else the request has left a trace. */
function searches(record: JsonObject, { time }: LogLine): string[] {
  const search = (path: RecordPath, where: string): string[] => {
    const value = recordFact(record, path);
    return value === undefined ? [] : [`${where}: ${value}`];
  };
  const asked = recordFact(record, 'error.source') !== 'application';
  return [
    ...(asked
      ? [`In the origin's log, about ${isoTime(time).slice(0, 19)}Z, ${requestOf(record)}, search for:`]
      : []),
    ...(asked ? search('request_id', '  X-Request-Id') : []),
    ...search('origin.request_id', "  the origin's own ID"),
    ...search('origin.ray_id', '  the Ray ID (CF-Ray) that the origin got'),
    ...search('trace_id', 'In your tracing, the trace'),
    ...search('cloudflare.ray_id', "In Cloudflare's own logs and events, the Ray ID"),
  ];
}

function section(heading: string, body: string, paint: Paint): string {
  return body === '' ? '' : `${paint.heading(heading)}\n${body}`;
}

function factLines(records: readonly JsonObject[], heading: string): string {
  const facts: Record<string, string> = {};
  for (const path of PATHS) {
    const place: Place = FACTS[path];
    if (place === 'told' || !('section' in place) || place.section !== heading) continue;
    const value = firstFact(records, path);
    if (value !== undefined) facts[place.label] = place.write?.(value) ?? value;
  }
  return list(facts);
}

function firstFact(records: readonly JsonObject[], path: RecordPath): string | undefined {
  return records.map((record) => recordFact(record, path)).find((value) => value !== undefined);
}

function list(facts: Readonly<Record<string, string>>): string {
  const width = Math.max(14, ...Object.keys(facts).map((label) => label.length + 2));
  return Object.entries(facts)
    .map(([label, value]) => `  ${printable(label).padEnd(width)}${printable(value)}`)
    .join('\n');
}

function block(text: string): string {
  // Indented, so that no logged text can pass for a heading.
  return text === '' ? '' : `  ${printableBlock(text).replaceAll('\n', '\n  ')}`;
}

/** What is in the records and has no place: a newer Worker may log more than this program knows. */
function unknownFacts(records: readonly JsonObject[]): Record<string, string> {
  // `level` is that of the console call, which Workers Logs may store among what was logged.
  const known = new Set<string>(['level', ...PATHS, ...Object.values(OLD_NAMES)]);
  const facts: Record<string, string> = {};
  for (const record of records) collect(record, '');
  return facts;

  function collect(value: unknown, path: string): void {
    if (known.has(path)) return;
    if (!isJsonObject(value)) {
      facts[path] = typeof value === 'string' ? value : JSON.stringify(value);
      return;
    }
    for (const [key, nested] of Object.entries(value)) collect(nested, path === '' ? key : `${path}.${key}`);
  }
}

/** The paths in the order of the table. */
function recordPaths(): readonly RecordPath[] {
  const isPath = (path: string): path is RecordPath => Object.hasOwn(FACTS, path);
  return Object.keys(FACTS).filter(isPath);
}

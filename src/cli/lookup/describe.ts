/** A found failure: as text for people, and as JSON for programs. */
import { isoTime } from '../format.ts';
import { printable, printableBlock } from '../printable.ts';
import type { Paint } from '../terminal.ts';
import { describeCircumstances, type Circumstances } from './circumstances.ts';
import { FACTS, SECTIONS, type Place, type RecordPath } from './facts.ts';
import type { Found, FoundFailure } from './find.ts';
import { isJsonObject, recordFact, type JsonObject, type LogLine } from './log-line.ts';
import { sum, type LogStore } from './log-store.ts';
import { causeInBody } from './origin-said.ts';
import type { NameSources } from './source-map.ts';
import { timesToJson } from './summary.ts';
import { requestOf, verdictOn, type Verdict } from './verdict.ts';

/** What else is known besides the records. */
export interface Surrounds {
  readonly circumstances?: Circumstances;
  /** The address of wrangler dev, where it ran the Worker. */
  readonly local?: URL;
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
export function describe(failure: FoundFailure, paint: Paint, surrounds: Surrounds): string {
  const { line, record, additions, otherLines, isSentByVisitor } = failure;
  const { circumstances, keptUntil, local, inSource } = surrounds;
  const records = [record, ...additions];
  const verdict = verdictOn(record, additions, local !== undefined);
  const facts: Record<string, string> = {
    'request ID': recordFact(record, 'request_id') ?? '',
    time: isoTime(line.time),
    ...(line.service !== undefined && { 'logged by': line.service }),
    ...(keptUntil !== undefined && { 'kept until': keptUntil }),
  };
  const exception = [recordFact(record, 'exception.type'), recordFact(record, 'exception.message')]
    .filter(Boolean)
    .join(': ');
  const mayRollBack = verdict.ours === true && local === undefined;
  const place = local === undefined ? [] : ['--local', local.origin];
  const around =
    circumstances && describeCircumstances(circumstances, record, { time: line.time, place, mayRollBack });
  return [
    [
      ...(isSentByVisitor ? ['Sent by a visitor: they came with this ID as their own X-Request-Id.'] : []),
      paint.alarm(printable(verdict.cause)),
      verdict.fault,
      ...said(records),
    ].join('\n'),
    list(facts),
    section('Alone or an outage', around ?? '', paint),
    section(
      'What to do',
      block([...verdict.next, ...searches(verdict, record, line, local)].join('\n')),
      paint,
    ),
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
      const heading = `${place.block}${inSource || local ? '' : wantedMap(text, record)}`;
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

/** The failures for programs. Keys are only ever added. */
export function findingToJson(
  { id, failures, truncated }: Found,
  store: LogStore,
  isLocal: boolean,
  circumstances: Circumstances | undefined,
): unknown {
  return {
    request_id: id,
    store: store.name,
    truncated,
    failures: failures.map(({ line, record, additions, otherLines, isSentByVisitor }, index) => {
      const { cause, fault, next } = verdictOn(record, additions, isLocal);
      return {
        cause,
        fault,
        next,
        ...(isSentByVisitor && { sent_by_visitor: true }),
        ...(index === 0 && circumstances && { circumstances: circumstancesToJson(circumstances) }),
        time: isoTime(line.time),
        ...(line.service !== undefined && { service: line.service }),
        record,
        additions,
        other_lines: otherLines.map(({ time, level, service, text }) => ({
          time: isoTime(time),
          level,
          ...(service !== undefined && { service }),
          text,
        })),
      };
    }),
  };
}

function circumstancesToJson({ near, run, versions, sampleInterval }: Circumstances): unknown {
  return {
    within_five_minutes: sum(near),
    kinds: near.map(({ values: [error_type, error_source], count }) => ({ error_type, error_source, count })),
    ...(run && {
      run: { count: run.count, ...timesToJson(run), began_before: run.beganBefore, goes_on: run.goesOn },
    }),
    versions: versions.map((version) => ({
      id: version.values[0],
      count: version.count,
      ...timesToJson(version),
    })),
    sample_interval: sampleInterval,
  };
}

/** What the origin's error body says of the cause. */
function said(records: readonly JsonObject[]): string[] {
  const body = firstFact(records, 'origin.body');
  const cause = causeInBody(body ?? '');
  return cause === undefined ? [] : [`The origin said: ${printable(cause)}`];
}

/** The source map that would name the places of a stack. */
function wantedMap(stack: string, record: JsonObject): string {
  const [, file = 'index.js'] = /([\w.-]+\.m?js):\d+:\d+/.exec(stack) ?? [];
  const version = recordFact(record, 'cloudflare.script_version.id');
  const ran = version === undefined ? 'of the build that ran' : `of version ${version}`;
  return ` (positions in the bundle: --source-map ${printable(file)}.map ${printable(ran)} names the source)`;
}

/** What to search for where else the request has left a trace. */
function searches(
  { reached }: Verdict,
  record: JsonObject,
  { time }: LogLine,
  local: URL | undefined,
): string[] {
  const sent = recordFact(record, 'client.request_id');
  const search = (path: string, where: string): string[] => {
    const value = recordFact(record, path);
    return value === undefined ? [] : [`${where}: ${value}`];
  };
  return [
    ...(reached
      ? [
          `In the origin's log, about ${isoTime(time).slice(0, 19)}Z, ${requestOf(record)}, search for:`,
          ...search('request_id', `  ${sent === undefined ? 'X-Request-Id' : 'X-Edge-Request-Id'}`),
          ...search('client.request_id', "  X-Request-Id, the visitor's own"),
          ...search('origin.request_id', "  the origin's own ID"),
          ...search('origin.ray_id', '  the Ray ID (CF-Ray) that the origin got'),
        ]
      : []),
    ...search('trace_id', 'In your tracing, the trace'),
    ...(local ? [] : search('cloudflare.ray_id', "In Cloudflare's own logs and events, the Ray ID")),
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
  const known = new Set<string>(['level', ...PATHS]);
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

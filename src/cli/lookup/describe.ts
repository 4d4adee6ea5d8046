/** Writes a found failure as text for people and as JSON for programs. */
import { isoTime } from '../format.ts';
import { printable, printableBlock } from '../printable.ts';
import type { Paint } from '../terminal.ts';
import { circumstancesToJson, describeCircumstances, type Circumstances } from './circumstances.ts';
import { FACTS } from './facts.ts';
import type { Found, FoundFailure } from './find.ts';
import { isJsonObject, recordFact, type JsonObject, type LogLine } from './log-line.ts';
import type { LogStore } from './log-store.ts';
import { causeInBody } from './origin-said.ts';
import type { NameSources } from './source-map.ts';
import { requestOf, verdictOn, type Verdict } from './verdict.ts';

/** Facts that are not in the records. */
export interface Surrounds {
  readonly circumstances?: Circumstances | undefined;
  /** The address of wrangler dev, if it ran the Worker. */
  readonly local?: URL | undefined;
  /** The date on which the record is deleted, as a text. */
  readonly keptUntil?: string | undefined;
  /** Names the source files and lines of a stack. */
  readonly inSource?: NameSources | undefined;
}

const PLACES = Object.entries(FACTS);
const SECTIONS = new Set(
  PLACES.flatMap(([, [section = '', label]]) => (label === undefined ? [] : [section])),
);

/** Values by label. Undefined ones are left out. */
type Facts = Readonly<Record<string, string | undefined>>;

/**
 * Everything that is known of one failure: cause, fault, circumstances and what to do. The facts in sections, the
 * stack, the origin's body and other log lines follow.
 */
export function describe(failure: FoundFailure, paint: Paint, surrounds: Surrounds): string {
  const { line, record, additions, otherLines, isSentByVisitor } = failure;
  const { circumstances, keptUntil, local, inSource } = surrounds;
  const verdict = verdictOn(record, additions, local !== undefined);
  const factIn = (path: string): string | undefined =>
    [record, ...additions].map((one) => recordFact(one, path)).find((value) => value !== undefined);
  const exception = ['exception.type', 'exception.message'].map(factIn).filter(Boolean).join(': ');
  const section = (heading: string, ...parts: readonly string[]): string => {
    const body = parts.filter((part) => part !== '').join('\n');
    return body === '' ? '' : `${paint.heading(heading)}\n${body}`;
  };
  return [
    [
      ...(isSentByVisitor ? ['Sent by a visitor: they came with this ID as their own X-Request-Id.'] : []),
      paint.alarm(printable(verdict.cause)),
      verdict.fault,
      ...said([record, ...additions]).map(printable),
    ].join('\n'),
    list({
      'request ID': recordFact(record, 'request_id'),
      time: isoTime(line.time),
      'logged by': line.service,
      'kept until': keptUntil,
    }),
    section(
      'Alone or an outage',
      circumstances ? describeCircumstances(circumstances, record, line.time, verdict, local) : '',
    ),
    section('What to do', block([...verdict.next, ...searches(verdict, record, line, local)].join('\n'))),
    ...[...SECTIONS].map((heading) => {
      const facts = PLACES.flatMap(([path, [of, label, write = String]]) => {
        const value = of === heading && label !== undefined ? factIn(path) : undefined;
        return value === undefined ? [] : [[label, write(value, factIn)] as const];
      });
      return section(
        heading,
        heading === 'Exception' ? block(exception) : '',
        list(Object.fromEntries(facts)),
      );
    }),
    section('Also logged', list(unknownFacts([record, ...additions]))),
    ...PLACES.map(([path, [heading, label]]) => {
      if (heading === undefined || label !== undefined) return '';
      const text = factIn(path) ?? '';
      if (path !== 'exception.stacktrace') return section(heading, block(text));
      const wanted = inSource || local ? '' : wantedMap(text, record);
      return section(`${heading}${wanted}`, block(inSource?.(text) ?? text));
    }),
    section('Other log lines of the same request', ...otherLines.map(logLine)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

  function logLine({ time, level, service, text }: LogLine): string {
    const origin = service !== undefined && service !== line.service ? ` [${printable(service)}]` : '';
    const body = printableBlock(text).replaceAll('\n', '\n      ');
    return `  ${paint.aside(isoTime(time))} ${printable(level)}${origin} ${body}`;
  }
}

/** The failures for programs, the newest with its circumstances. Keys are only ever added. */
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
        sent_by_visitor: isSentByVisitor || undefined,
        circumstances: index === 0 && circumstances ? circumstancesToJson(circumstances) : undefined,
        time: isoTime(line.time),
        service: line.service,
        record,
        additions,
        other_lines: otherLines.map(({ time, level, service, text }) => ({
          time: isoTime(time),
          level,
          service,
          text,
        })),
      };
    }),
  };
}

/** The cause that the origin's error body names. */
function said(records: readonly JsonObject[]): string[] {
  const [cause] = records.flatMap((one) => causeInBody(recordFact(one, 'origin.body') ?? '') ?? []);
  if (cause !== undefined) return [`The origin said: ${cause}`];
  const isEmpty = records.some((one) => recordFact(one, 'origin.body_size') === '0');
  return isEmpty
    ? ['The origin said nothing: its body was empty. PHP dies so; its error log may say why.']
    : [];
}

/** The advice which source map names the places of a stack. */
function wantedMap(stack: string, record: JsonObject): string {
  const [, file = 'index.js'] = /([\w.-]+\.m?js):\d+:\d+/.exec(stack) ?? [];
  const version = recordFact(record, 'cloudflare.script_version.id');
  const ran = version === undefined ? 'of the build that ran' : `of version ${version}`;
  return ` (positions in the bundle: --source-map ${file}.map ${printable(ran)} names the source)`;
}

/** The IDs of the request in other logs, for the operator to search for. */
function searches(
  { isInOriginLog }: Verdict,
  record: JsonObject,
  { time }: LogLine,
  local: URL | undefined,
): string[] {
  const search = (path: string, where: string): string[] => {
    const value = recordFact(record, path);
    return value === undefined ? [] : [`${where}: ${value}`];
  };
  const theirs = search('client.request_id', "  X-Request-Id, the visitor's own");
  const inLog = [
    `In the origin's log, about ${isoTime(time).slice(0, 19)}Z, ${requestOf(record)}, search for:`,
    ...search('request_id', `  ${theirs.length === 0 ? 'X-Request-Id' : 'X-Edge-Request-Id'}`),
    ...theirs,
    ...search('origin.request_id', "  the origin's own ID"),
    ...search('origin.ray_id', '  the Ray ID (CF-Ray) that the origin got'),
  ];
  return [
    ...(isInOriginLog ? inLog : []),
    ...search('trace_id', 'In your tracing, the trace'),
    ...(local ? [] : search('cloudflare.ray_id', "In Cloudflare's own logs and events, the Ray ID")),
  ];
}

function list(facts: Facts): string {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  const width = Math.max(14, ...entries.map(([label]) => label.length + 2));
  return entries
    .map(([label, value = '']) => `  ${printable(label).padEnd(width)}${printable(value)}`)
    .join('\n');
}

function block(text: string): string {
  // Indented, so that no logged text can pass for a heading.
  return text === '' ? '' : `  ${printableBlock(text).replaceAll('\n', '\n  ')}`;
}

/** Facts without a place of their own. A newer Worker may log more than this program knows. */
function unknownFacts(records: readonly JsonObject[]): Facts {
  const facts: Record<string, string> = {};
  for (const record of records) collect(record, '');
  return facts;

  function collect(value: unknown, path: string): void {
    // `level` belongs to the console call. Workers Logs may store it among the logged facts.
    if (path === 'level' || Object.hasOwn(FACTS, path)) return;
    if (!isJsonObject(value)) facts[path] = typeof value === 'string' ? value : JSON.stringify(value);
    else
      for (const [key, nested] of Object.entries(value))
        collect(nested, path === '' ? key : `${path}.${key}`);
  }
}

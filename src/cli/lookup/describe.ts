/** Writes a found failure as text for people. */
import { isoTime } from '../format.ts';
import { printable, printableBlock } from '../printable.ts';
import type { Paint } from '../terminal.ts';
import { describeCircumstances, type Circumstances } from './circumstances.ts';
import { FACTS } from './facts.ts';
import { ORIGIN_LOG } from './failure-table.ts';
import type { Finding } from './find.ts';
import { isJsonObject, recordFact, type JsonObject } from './log-line.ts';
import type { LogStore } from './log-store.ts';
import { causeInBody } from './origin-said.ts';
import { nameLocalSources, type NameSources } from './source-map.ts';
import { RETENTION } from './time-window.ts';
import { requestOf } from './verdict.ts';

const SECTIONS = new Set(Object.values(FACTS).flatMap(([section]) => section ?? []));
const SENT =
  'Sent by a visitor, or by what stands in front of this Worker: the ID is the X-Request-Id that came with the request.';

/**
 * Everything that is known of one failure: the verdict, the circumstances, what to do, the facts in sections, the
 * other log lines.
 * @param inSource names the source files and lines of a stack
 */
export async function describe(
  finding: Finding & { readonly circumstances?: Circumstances | undefined },
  store: LogStore,
  paint: Paint,
  inSource: NameSources | undefined,
): Promise<string> {
  const { record, additions, circumstances, time } = finding;
  const { isLocal } = store;
  const records = [record, ...additions];
  const stack = await stackOf(finding, isLocal, inSource);
  const around = circumstances ? describeCircumstances(circumstances, finding, store) : [];
  const section = (heading: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [[paint.heading(heading), ...lines].join('\n')];
  const otherLines = finding.other_lines.map(({ time: at, level, service, text }) => {
    const by = service !== undefined && service !== finding.service ? ` [${service}]` : '';
    return `  ${paint.aside(at)} ${printable(level + by)} ${hanging(text, 6)}`;
  });
  return [
    [
      ...(finding.sent_by_visitor ? [SENT] : []),
      paint.alarm(printable(finding.cause)),
      finding.fault,
      ...said(records).map(printable),
    ].join('\n'),
    [
      ...row('request ID', factIn(records, 'request_id')),
      ...row('time', time),
      ...row('logged by', finding.service),
      ...(isLocal ? [] : row('kept until', `${isoTime(Date.parse(time) + RETENTION).slice(0, 16)}Z`)),
    ].join('\n'),
    ...section('Alone or an outage', block(around.join('\n'))),
    ...section('What to do', block([...finding.next, ...searches(finding, isLocal)].join('\n'))),
    ...[...SECTIONS].flatMap((name) => section(name, factsOf(name, records))),
    ...section(`Stack${stack.note}`, block(stack.text)),
    ...section('Caused by', block(factIn(records, 'exception.cause'))),
    ...section("Origin's error body", block(factIn(records, 'origin.body'))),
    ...section('Also logged', [...new Set(records.flatMap((one) => unknownFacts(one)))]),
    ...section('Other log lines of the same request', otherLines),
  ].join('\n\n');
}

/** The cause that the origin's error body names. */
function said(records: readonly JsonObject[]): string[] {
  const [cause] = records.flatMap((one) => causeInBody(recordFact(one, 'origin.body') ?? '') ?? []);
  if (cause !== undefined) return [`The origin said: ${cause}`];
  if (!records.some((one) => recordFact(one, 'origin.body_size') === '0')) return [];
  return ['The origin said nothing: its body was empty. PHP dies so; its error log may say why.'];
}

/** The stack, with a note for its heading if it has positions in the bundle. */
async function stackOf({ record, time }: Finding, isLocal: boolean, inSource: NameSources | undefined) {
  const stack = recordFact(record, 'exception.stacktrace') ?? '';
  const named = inSource || !isLocal ? inSource?.(stack) : await nameLocalSources(stack, Date.parse(time));
  if (named !== undefined) return { text: named, note: '' };
  const [, file = 'index.js'] = /([\w.-]+\.m?js):\d+:\d+/.exec(stack) ?? [];
  const version = recordFact(record, 'cloudflare.script_version.id');
  const ran = version === undefined ? 'of the build that ran' : `of version ${printable(version)}`;
  const note = isLocal
    ? 'positions in a bundle that is gone: make it fail again to see the source'
    : `positions in the bundle: --source-map ${file}.map ${ran} names the source`;
  return { text: stack, note: ` (${note})` };
}

/** The IDs of the request in other logs, for the operator to search for. */
function searches({ next, record, time }: Finding, isLocal: boolean): string[] {
  const search = (path: string, where: string): string[] => {
    const value = recordFact(record, path);
    return value === undefined ? [] : [`${where}: ${value}`];
  };
  const sent = search('client.request_id', '  X-Request-Id, as it was sent');
  const inLog = [
    `In the origin's log, about ${time.slice(0, 19)}Z, ${requestOf(record)}, search for:`,
    ...search('request_id', `  ${sent.length === 0 ? 'X-Request-Id' : 'X-Edge-Request-Id'}`),
    ...sent,
    ...search('origin.request_id', "  the origin's own ID"),
    ...search('origin.ray_id', '  the Ray ID (CF-Ray) that the origin got'),
  ];
  return [
    ...(next.includes(ORIGIN_LOG) ? inLog : []),
    ...search('trace_id', 'In your tracing, the trace'),
    ...(isLocal ? [] : search('cloudflare.ray_id', "In Cloudflare's own logs and events, the Ray ID")),
  ];
}

function factIn(records: readonly JsonObject[], path: string): string | undefined {
  return records.map((record) => recordFact(record, path)).find((value) => value !== undefined);
}

function factsOf(section: string, records: readonly JsonObject[]): string[] {
  return Object.entries(FACTS).flatMap(([path, [of, label = '', write = String]]) => {
    const value = of === section ? factIn(records, path) : undefined;
    return value === undefined ? [] : row(label, write(value));
  });
}

function row(label: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`  ${printable(label).padEnd(12)}  ${hanging(value, 16)}`];
}

/** Indents all lines of a text, so that none can pass for a heading. */
function block(text = ''): string[] {
  return text === '' ? [] : [`  ${hanging(text, 2)}`];
}

/** Indents all lines of a text but the first. */
function hanging(text: string, indent: number): string {
  return printableBlock(text).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

/** Facts without a place of their own. A newer Worker may log more than this program knows. */
function unknownFacts(value: unknown, path = ''): string[] {
  // `level` belongs to the console call. Workers Logs may store it among the logged facts.
  if (path === 'level' || Object.hasOwn(FACTS, path)) return [];
  if (!isJsonObject(value)) return row(path, typeof value === 'string' ? value : JSON.stringify(value));
  return Object.entries(value).flatMap(([key, nested]) =>
    unknownFacts(nested, path === '' ? key : `${path}.${key}`),
  );
}

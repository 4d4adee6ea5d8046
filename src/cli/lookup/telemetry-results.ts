/** Turns answers of the query API of Workers Observability into tallies and log lines. Does not trust their form. */
import {
  fact,
  findRecord,
  isJsonObject,
  loggedText,
  numberFact,
  textFact,
  type JsonObject,
  type LogLine,
} from './log-line.ts';
import { sum, type TallyOf, type TimeWindow } from './log-store.ts';

/**
 * Count, first and last time of each group, or of everything if the query had no groups.
 * @param calculations the counts, the first times and the last times
 * @param paths the paths that the query grouped by
 */
export function talliesOf(
  calculations: readonly JsonObject[],
  window: TimeWindow,
  paths: readonly string[] = [],
): TallyOf[] {
  const keyOf = (aggregate: JsonObject): string => {
    const groups = listOf(aggregate, 'groups');
    const valueOf = (path: string) =>
      fact(
        groups.find(({ key }) => key === path),
        'value',
      );
    return JSON.stringify(paths.map((path) => String(valueOf(path) ?? '')));
  };
  const [counts, firsts, lasts] = calculations.map(
    (calculation) => new Map(listOf(calculation, 'aggregates').map((one) => [keyOf(one), one])),
  );
  return [...(counts ?? [])].flatMap(([key, aggregate]) => {
    const count = Math.round(numberFact(aggregate, 'value') ?? 0);
    // The API may answer 0 for an unknown time.
    const [first, last] = [firsts, lasts].map((times) => {
      const time = numberFact(times?.get(key), 'value') ?? NaN;
      return time >= window.from && time <= window.to ? time : undefined;
    });
    const tally = {
      values: JSON.parse(key),
      count,
      ...(first !== undefined && { first }),
      ...(last !== undefined && { last }),
      sampleInterval: numberFact(aggregate, 'sampleInterval') ?? 1,
    };
    return count > 0 ? [tally] : [];
  });
}

/** The count in each of the equal parts of the window. The API leaves out empty parts. */
export function timelineOf(
  calculation: JsonObject | undefined,
  { from, to }: TimeWindow,
  buckets: number,
): number[] {
  const timeline = Array.from({ length: buckets }, () => 0);
  for (const point of listOf(calculation, 'series')) {
    const text = textFact(point, 'time') ?? '';
    const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
    if (Number.isNaN(time)) continue;
    // The parts of the API may begin slightly earlier or later.
    const index = Math.round(((time - from) / (to - from)) * buckets);
    const inside = Math.min(Math.max(index, 0), buckets - 1);
    timeline[inside] =
      (timeline[inside] ?? 0) +
      sum(listOf(point, 'data').map((data) => ({ count: numberFact(data, 'value') ?? 0 })));
  }
  return timeline;
}

/** The objects in the list under this key, or none if there is no list. */
export function listOf(object: JsonObject | undefined, key: string): JsonObject[] {
  const list = object?.[key];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** An event of Workers Logs as a log line. */
export function toLogLine(event: JsonObject): LogLine {
  const metadata = event['$metadata'];
  const { source } = event;
  const service = textFact(metadata, 'service') ?? textFact(event['$workers'], 'scriptName');
  const record = findRecord(source);
  return {
    id: textFact(metadata, 'id') ?? '',
    time: numberFact(event, 'timestamp') ?? 0,
    level: String(fact(metadata, 'level') ?? fact(source, 'level') ?? 'log'),
    invocation: textFact(metadata, 'requestId') ?? textFact(event['$workers'], 'requestId') ?? '',
    text: loggedText(source) || (textFact(metadata, 'message') ?? textFact(metadata, 'error') ?? ''),
    ...(service !== undefined && { service }),
    ...(record && { record }),
  };
}

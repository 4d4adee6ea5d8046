/** Answers of the query API of Workers Observability as tallies and log lines. Nothing about them is trusted. */
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
 * Count, first and last of each group; of everything where nothing was grouped by.
 * @param calculations the counts, the first and the last times
 * @param paths what was grouped by
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
    // Where the API cannot tell, it may answer 0.
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

/** The time series, in equal parts of the window; the API leaves out the parts with nothing in them. */
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
    // The API may begin its parts a little elsewhere.
    const index = Math.round(((time - from) / (to - from)) * buckets);
    const inside = Math.min(Math.max(index, 0), buckets - 1);
    timeline[inside] =
      (timeline[inside] ?? 0) +
      sum(listOf(point, 'data').map((data) => ({ count: numberFact(data, 'value') ?? 0 })));
  }
  return timeline;
}

/** The objects of a list; none where there is no list. */
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

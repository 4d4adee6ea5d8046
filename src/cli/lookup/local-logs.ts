/** Reads the log store that wrangler dev has since 4.118. It answers SQL with lines, and this file counts them. */
import { attempt } from '../../untrusted.ts';
import { foldGroups, GROUPED_BY } from './fold.ts';
import {
  findRecord,
  isFailureRecord,
  isJsonObject,
  loggedText,
  recordFact,
  type LogLine,
} from './log-line.ts';
import {
  EXIT,
  LookupFailure,
  type FailureFilter,
  type LogLines,
  type LogStore,
  type TallyOf,
  type TimeWindow,
} from './log-store.ts';

const ENDPOINT = '/cdn-cgi/local/explorer/api/local/observability/query';
const SELECT = `SELECT logs.trace_id, logs.seq, logs.ts_ms, logs.level, logs.message, spans.service
  FROM logs LEFT JOIN spans ON spans.trace_id = logs.trace_id AND spans.span_id = logs.span_id`;
// wrangler dev returns no more rows than this.
const MAX_ROWS = 10_000;

type Row = readonly unknown[];

/**
 * The logs of a running wrangler dev.
 * @param address the address of wrangler dev, such as `http://localhost:8787`
 */
export function localLogs(address: URL): LogStore {
  return {
    name: address.origin,
    // There is no time window: the store is small, and its records may be of any age.
    async saying(path, value) {
      const { lines, truncated } = await select('WHERE instr(logs.message, ?) ORDER BY ts_ms DESC', [
        JSON.stringify(value).slice(1, -1),
      ]);
      return { lines: lines.filter(({ record }) => record && recordFact(record, path) === value), truncated };
    },
    ofInvocation: (invocation) => select('WHERE logs.trace_id = ? ORDER BY ts_ms, seq', [invocation]),
    async newest(filter, window) {
      return (await failures(filter, window)).at(-1);
    },
    async tally(filter, { from, to }, buckets) {
      const lines = await failures(filter, { from, to });
      const [tally] = tallied(lines, []);
      const timeline = Array.from({ length: buckets }, () => 0);
      for (const { time } of lines) {
        const bucket = Math.min(Math.floor(((time - from) / Math.max(to - from, 1)) * buckets), buckets - 1);
        timeline[bucket] = (timeline[bucket] ?? 0) + 1;
      }
      return { ...(tally ?? { count: 0, sampleInterval: 1 }), timeline };
    },
    tallyBy: async (paths, filter, window) => tallied(await failures(filter, window), paths),
    groups: async (filter, window) => foldGroups(tallied(await failures(filter, window), GROUPED_BY)),
  };

  /** All failures that pass the filter, oldest first. */
  async function failures(filter: FailureFilter, { from, to }: TimeWindow): Promise<readonly LogLine[]> {
    const all: LogLine[] = [];
    for (let rest = true; rest;) {
      const page = `WHERE logs.ts_ms BETWEEN ? AND ? AND instr(logs.message, 'request_id')
        ORDER BY ts_ms, logs.trace_id, seq LIMIT ${MAX_ROWS} OFFSET ${all.length}`;
      const { lines } = await select(page, [from, to]);
      all.push(...lines);
      rest = lines.length === MAX_ROWS;
    }
    return all.filter((line) => passes(line, filter));
  }

  function select(rest: string, parameters: readonly (string | number)[]): Promise<LogLines> {
    return selectFrom(address, rest, parameters);
  }
}

/**
 * The lines that a running wrangler dev has stored since a time, oldest first.
 * @param time in milliseconds since 1970
 * @throws LookupFailure if wrangler dev cannot be reached or answers otherwise
 */
export async function localLinesSince(address: URL, time: number): Promise<readonly LogLine[]> {
  return (await selectFrom(address, 'WHERE logs.ts_ms >= ? ORDER BY ts_ms, seq', [time])).lines;
}

async function selectFrom(
  address: URL,
  rest: string,
  params: readonly (string | number)[],
): Promise<LogLines> {
  const response = await fetch(new URL(ENDPOINT, address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql: `${SELECT} ${rest}`, params }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    throw new LookupFailure(
      EXIT.network,
      `Nothing answers at ${address.origin}. Is wrangler dev running (npm run dev)? Another address: --local URL`,
    );
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const rows = isJsonObject(answer) && isJsonObject(answer['result']) ? answer['result']['rows'] : undefined;
  if (!Array.isArray(rows)) {
    throw new LookupFailure(
      EXIT.api,
      `${address.origin} answers ${response.status}, but not as the log store of wrangler dev does. It needs wrangler 4.118 or later, and X_LOCAL_OBSERVABILITY must not be "false".`,
    );
  }
  const lines = rows.filter((row): row is Row => Array.isArray(row)).map(toLogLine);
  return { lines, truncated: rows.length >= MAX_ROWS };
}

function passes(
  { record, level }: LogLine,
  { facts = {}, noBots, insteadOfFailures }: FailureFilter,
): boolean {
  if (record === undefined || !isFailureRecord(record)) return false;
  const isDrill = recordFact(record, 'error.source') === 'drill';
  return (
    (level === 'warn') === (insteadOfFailures === 'answers on purpose') &&
    isDrill === (insteadOfFailures === 'drills') &&
    !(noBots && recordFact(record, 'cloudflare.verified_bot_category') !== undefined) &&
    Object.entries(facts).every(([path, value]) => recordFact(record, path) === value)
  );
}

/** Counts lines by the values at these paths in their records, the most frequent first. */
function tallied(lines: readonly LogLine[], paths: readonly string[]): TallyOf[] {
  const tallies = new Map<string, TallyOf>();
  for (const { record = {}, time } of lines) {
    const values = paths.flatMap((path) => recordFact(record, path) ?? []);
    if (values.length < paths.length) continue;
    const key = JSON.stringify(values);
    const { first = time, count = 0 } = tallies.get(key) ?? {};
    tallies.set(key, { values, count: count + 1, first, last: time, sampleInterval: 1 });
  }
  return [...tallies.values()].toSorted((a, b) => b.count - a.count);
}

function toLogLine([trace, seq, time, level, message, service]: Row): LogLine {
  const logged: unknown = attempt(() => JSON.parse(String(message))) ?? String(message);
  const record = findRecord(logged);
  return {
    id: `${String(trace)}/${String(seq)}`,
    time: Number(time),
    level: String(level),
    invocation: String(trace),
    text: loggedText(logged),
    ...(typeof service === 'string' && { service }),
    ...(record && { record }),
  };
}

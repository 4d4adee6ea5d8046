/** The log store that wrangler dev keeps since 4.118, asked in SQL. */
import { EXIT, LookupFailure } from './exit.ts';
import { foldGroups, GROUPED_BY } from './fold.ts';
import {
  findRecord,
  isFailureRecord,
  isJsonObject,
  loggedText,
  recordFact,
  type LogLine,
} from './log-line.ts';
import type { FailureFilter, LogLines, LogStore, TallyOf, TimeWindow } from './log-store.ts';
import { attempt } from '../../untrusted.ts';

const ENDPOINT = '/cdn-cgi/local/explorer/api/local/observability/query';
const SELECT = `SELECT logs.trace_id, logs.seq, logs.ts_ms, logs.level, logs.message, spans.service
  FROM logs LEFT JOIN spans ON spans.trace_id = logs.trace_id AND spans.span_id = logs.span_id`;
// A message is the list of what was logged in one call; the record is an object in it.
const FAILURES = `logs, json_each(CASE WHEN json_valid(logs.message) THEN logs.message ELSE '[]' END) AS logged
  WHERE logged.type = 'object' AND json_extract(logged.value, '$.request_id') IS NOT NULL
  AND json_extract(logged.value, '$.error.type') IS NOT NULL`;
// wrangler dev gives no more rows than this.
const MAX_ROWS = 10_000;

type Row = readonly unknown[];
type Parameter = string | number;

/**
 * The logs of a running wrangler dev.
 * @param address where it serves, such as `http://localhost:8787`
 */
export function localLogs(address: URL): LogStore {
  return {
    name: address.origin,
    // No time window: the store is small, and its records are as old as the developer wants.
    async saying(path, value) {
      const { lines, truncated } = await select('WHERE instr(logs.message, ?) ORDER BY ts_ms DESC', [
        JSON.stringify(value).slice(1, -1),
      ]);
      return { lines: lines.filter(({ record }) => record && recordFact(record, path) === value), truncated };
    },
    ofInvocation(invocation) {
      return select('WHERE logs.trace_id = ? ORDER BY ts_ms, seq', [invocation]);
    },
    async newest(filter, window) {
      const { sql, parameters } = conditions(filter, window);
      const [row] = await queryStore(
        address,
        `SELECT logs.trace_id, logs.seq, logs.ts_ms, logs.level, logs.message, NULL FROM ${FAILURES} AND ${sql}
         ORDER BY ts_ms DESC LIMIT 1`,
        parameters,
      );
      const line = row && toLogLine(row);
      return line?.record && isFailureRecord(line.record) ? line : undefined;
    },
    async tally(filter, window, buckets) {
      const timeline = Array.from({ length: buckets }, () => 0);
      const { from, to } = window;
      const bucket = 'MIN(CAST((logs.ts_ms - ?) * ? / ? AS INTEGER), ?)';
      const { sql, parameters } = conditions(filter, window);
      const rows = await queryStore(
        address,
        `SELECT ${bucket} AS bucket, COUNT(*), MIN(logs.ts_ms), MAX(logs.ts_ms)
         FROM ${FAILURES} AND ${sql} GROUP BY bucket ORDER BY bucket`,
        [from, buckets, Math.max(to - from, 1), buckets - 1, ...parameters],
      );
      for (const [index, count] of rows) timeline[Number(index)] = Number(count);
      return {
        count: timeline.reduce((total, count) => total + count, 0),
        ...(rows[0] && { first: Number(rows[0][2]), last: Number(rows.at(-1)?.[3]) }),
        sampleInterval: 1,
        timeline,
      };
    },
    tallyBy,
    groups: async (filter, window) => foldGroups(await tallyBy(GROUPED_BY, filter, window)),
  };

  async function tallyBy(paths: readonly string[], filter: FailureFilter, window: TimeWindow) {
    const { sql, parameters } = conditions(filter, window);
    const keys = paths.map(extract);
    const tallies: TallyOf[] = [];
    for (let rows: readonly Row[], offset = 0; ; offset += MAX_ROWS) {
      rows = await queryStore(
        address,
        `SELECT COUNT(*), MIN(logs.ts_ms), MAX(logs.ts_ms), ${keys.join(', ')} FROM ${FAILURES} AND ${sql}
         AND ${keys.map((key) => `${key} IS NOT NULL`).join(' AND ')}
         GROUP BY ${keys.join(', ')} ORDER BY 1 DESC, 3 DESC LIMIT ${MAX_ROWS} OFFSET ${offset}`,
        parameters,
      );
      for (const [count, first, last, ...values] of rows) {
        tallies.push({
          values: values.map(String),
          count: Number(count),
          first: Number(first),
          last: Number(last),
          sampleInterval: 1,
        });
      }
      if (rows.length < MAX_ROWS) return tallies;
    }
  }

  async function select(rest: string, parameters: readonly Parameter[]): Promise<LogLines> {
    const rows = await queryStore(address, `${SELECT} ${rest}`, parameters);
    return { lines: rows.map(toLogLine), truncated: rows.length >= MAX_ROWS };
  }
}

/** The lines that a running wrangler dev has stored since a time, in milliseconds since 1970, oldest first. */
export async function localLinesSince(address: URL, time: number): Promise<readonly LogLine[]> {
  const rows = await queryStore(address, `${SELECT} WHERE logs.ts_ms >= ? ORDER BY ts_ms, seq`, [time]);
  return rows.map(toLogLine);
}

async function queryStore(address: URL, sql: string, params: readonly Parameter[]): Promise<readonly Row[]> {
  const response = await fetch(new URL(ENDPOINT, address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, params }),
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
      `${address.origin} answers ${response.status}, but not as the log store of wrangler dev does. It needs wrangler
4.118 or later, and X_LOCAL_OBSERVABILITY must not be "false".`,
    );
  }
  return rows.filter((row): row is Row => Array.isArray(row));
}

/** What the rows must meet besides being failures. */
function conditions(
  { facts = {}, noBots = false, insteadOfFailures }: FailureFilter,
  { from, to }: TimeWindow,
): { readonly sql: string; readonly parameters: readonly Parameter[] } {
  const said = Object.entries(facts);
  return {
    sql: [
      'logs.ts_ms BETWEEN ? AND ?',
      `logs.level ${insteadOfFailures === 'answers on purpose' ? '=' : '<>'} 'warn'`,
      `${extract('error.source')} ${insteadOfFailures === 'drills' ? '=' : '<>'} 'drill'`,
      ...(noBots ? [`${extract('cloudflare.verified_bot_category')} IS NULL`] : []),
      ...said.map(([path]) => `${extract(path)} = ?`),
    ].join(' AND '),
    parameters: [from, to, ...said.map(([, value]) => value)],
  };
}

/** The value at a path of the record. The paths are this program's own, so they need no escaping. */
function extract(path: string): string {
  return `json_extract(logged.value, '$.${path}')`;
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

/** The log store that wrangler dev keeps since 4.118, asked in SQL. */
import { EXIT, LookupFailure } from './exit.ts';
import { findRecord, isFailureRecord, isJsonObject, loggedText, type LogLine } from './log-line.ts';
import type { LogLines, LogStore } from './log-store.ts';
import { attempt } from '../../untrusted.ts';

const ENDPOINT = '/cdn-cgi/local/explorer/api/local/observability/query';
const SELECT = `SELECT logs.trace_id, logs.seq, logs.ts_ms, logs.level, logs.message, spans.service
  FROM logs LEFT JOIN spans ON spans.trace_id = logs.trace_id AND spans.span_id = logs.span_id`;
// wrangler dev gives no more rows than this.
const MAX_ROWS = 10_000;

type Row = readonly unknown[];

/**
 * The logs of a running wrangler dev.
 * @param address where it serves, such as `http://localhost:8787`
 */
export function localLogs(address: URL): LogStore {
  return {
    name: address.origin,
    // No time window: the store is small, and its records are as old as the developer wants.
    async withRequestId(id) {
      const { lines, truncated } = await query(`${SELECT} WHERE instr(logs.message, ?) ORDER BY ts_ms DESC`, [
        id,
      ]);
      return { lines: lines.filter(({ record }) => record?.['request_id'] === id), truncated };
    },
    ofInvocation(invocation) {
      return query(`${SELECT} WHERE logs.trace_id = ? ORDER BY ts_ms, seq`, [invocation]);
    },
    async failures({ from, to }) {
      const { lines, truncated } = await query(
        `${SELECT} WHERE logs.ts_ms BETWEEN ? AND ? AND instr(logs.message, '"request_id"') ORDER BY ts_ms DESC`,
        [from, to],
      );
      return { lines: lines.filter(({ record }) => record && isFailureRecord(record)), truncated };
    },
  };

  async function query(sql: string, params: readonly (string | number)[]): Promise<LogLines> {
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
    const rows =
      isJsonObject(answer) && isJsonObject(answer['result']) ? answer['result']['rows'] : undefined;
    if (!Array.isArray(rows)) {
      throw new LookupFailure(
        EXIT.api,
        `${address.origin} answers ${response.status}, but not as the log store of wrangler dev does. It needs wrangler
4.118 or later, and X_LOCAL_OBSERVABILITY must not be "false".`,
      );
    }
    const lines = rows.filter((row): row is Row => Array.isArray(row)).map(toLogLine);
    return { lines, truncated: rows.length >= MAX_ROWS };
  }
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

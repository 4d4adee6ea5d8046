/** Reads the log store that wrangler dev has since 4.118. It answers SQL with lines, and this file counts them. */
import { attempt, property } from '../../untrusted.ts';
import { isoTime } from '../format.ts';
import { recordFact, toLogLine, type LogLine } from './log-line.ts';
import { countParts, EXIT, LookupFailure } from './log-store.ts';
import type { Filter, Filters, LogStore, Tally, TimeWindow } from './log-store.ts';

const ENDPOINT = '/cdn-cgi/local/explorer/api/local/observability/query';
const SELECT = `SELECT logs.trace_id, logs.seq, logs.ts_ms, logs.level, logs.message, spans.service
  FROM logs LEFT JOIN spans ON spans.trace_id = logs.trace_id AND spans.span_id = logs.span_id
  WHERE logs.ts_ms BETWEEN ? AND ?`;
// wrangler dev returns no more rows than this.
const MAX_ROWS = 10_000;

/** The logs of a running wrangler dev at this address, such as `http://localhost:8787`. */
export function localLogs(address: URL): LogStore {
  return {
    name: address.origin,
    isLocal: true,
    lines: async (filters, window, limit) => (await matching(filters, window)).slice(0, limit),
    async tally(filters, window, paths = []) {
      const tallies = new Map<string, Tally>();
      for (const { record, time } of await matching(filters, window)) {
        const values = paths.flatMap((path) => recordFact(record, path) ?? []);
        if (values.length < paths.length) continue;
        const key = JSON.stringify(values);
        const first = isoTime(time);
        const { count = 0, last = first } = tallies.get(key) ?? {};
        tallies.set(key, { values, count: count + 1, first, last, sampleInterval: 1 });
      }
      return [...tallies.values()].toSorted((a, b) => b.count - a.count);
    },
    async timeline(filters, window, parts) {
      const points = (await matching(filters, window)).map(({ time }) => ({ time, count: 1 }));
      return countParts(window, parts, points);
    },
  };

  /** All lines that pass the filters, the newest first. */
  async function matching(filters: Filters, { from, to }: TimeWindow): Promise<LogLine[]> {
    // SQL only leaves out most of the lines that cannot pass.
    const texts = filters.flatMap(({ key, operation, value = '' }) =>
      operation === 'eq' && !key.startsWith('$') ? [JSON.stringify(value).slice(1, -1)] : [],
    );
    const sql = `${SELECT} ${'AND instr(logs.message, ?) '.repeat(texts.length)}
      ORDER BY ts_ms DESC, logs.trace_id, seq DESC LIMIT ${MAX_ROWS}`;
    const all: LogLine[] = [];
    for (let rest = true; rest;) {
      const rows = await query(address, `${sql} OFFSET ${all.length}`, [from, to, ...texts]);
      all.push(...rows.map(lineOf));
      rest = rows.length === MAX_ROWS;
    }
    return all.filter((line) => filters.every((filter) => passes(line, filter)));
  }
}

async function query(address: URL, sql: string, params: readonly unknown[]): Promise<(readonly unknown[])[]> {
  const response = await fetch(new URL(ENDPOINT, address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, params }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    const complaint = `Nothing answers at ${address.origin}. Is wrangler dev running (npx wrangler dev)?`;
    throw new LookupFailure(EXIT.network, `${complaint} Another address: --local URL`);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const rows = property(property(answer, 'result'), 'rows');
  if (!Array.isArray(rows)) {
    const complaint = `${address.origin} answers ${response.status}, but not as the log store of wrangler dev does.`;
    const needs = 'It needs wrangler 4.118 or later, and X_LOCAL_OBSERVABILITY must not be "false".';
    throw new LookupFailure(EXIT.api, `${complaint} ${needs}`);
  }
  return rows.filter((row): row is readonly unknown[] => Array.isArray(row));
}

function lineOf([trace, seq, time, level, message, service]: readonly unknown[]): LogLine {
  return toLogLine(attempt(() => JSON.parse(String(message))) ?? String(message), {
    id: `${String(trace)}/${String(seq)}`,
    time: Number(time),
    level: String(level),
    service: typeof service === 'string' ? service : undefined,
    invocation: String(trace),
  });
}

const PASSES: Readonly<Record<Filter['operation'], (fact: string | undefined, value: string) => boolean>> = {
  eq: (fact, value) => fact === value,
  neq: (fact, value) => fact !== value,
  exists: (fact) => fact !== undefined,
  is_null: (fact) => fact === undefined,
  regex: (fact, value) => fact !== undefined && new RegExp(value, 'u').test(fact),
};

/** True if Workers Logs would find the line with this filter. */
function passes({ record, level, invocation }: LogLine, { key, operation, value = '' }: Filter): boolean {
  const ofLine = new Map([
    ['$metadata.level', level],
    ['$metadata.requestId', invocation],
  ]);
  return PASSES[operation](ofLine.get(key) ?? recordFact(record, key), value);
}

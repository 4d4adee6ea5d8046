/** The log of Workers as a tail Worker, and so Workers Logs, gets it: structured, whole, in order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { validRecord } from './valid-record.ts';

/** One call of `console`, with its arguments as structured values. */
export interface LogCall {
  readonly level: string;
  readonly message: readonly unknown[];
}

/** The log of one Worker. */
export interface Tail {
  /** Every call of `console` so far. */
  readonly logs: readonly LogCall[];
  /** The number of exceptions that reached the runtime. */
  readonly uncaught: number;
  /** The messages of these exceptions. */
  readonly exceptions: readonly string[];
  /**
   * The records logged with this request ID, each valid by the published schema. Waits until there are `count`. After
   * half a minute it returns those that have come.
   * @throws Error if a record does not match the schema
   */
  recordsOf(requestId: string, count?: number): Promise<Readonly<Record<string, unknown>>[]>;
  /** Adds the events that the tail Worker got. */
  add(events: unknown): void;
}

/** The tail Worker: sends its events to its binding `SINK`, under the name in its `props`, if there is one. */
export const tailWorker = `export default {
  async tail(events, { SINK }, { props }) {
    const url = 'http://sink/' + (props?.name ?? '');
    await SINK.fetch(url, { method: 'POST', body: JSON.stringify(events) });
  },
};`;

const PATIENCE_MS = 30_000;

export function createTail(): Tail {
  const logs: LogCall[] = [];
  const exceptions: string[] = [];
  return {
    logs,
    exceptions,
    get uncaught() {
      return exceptions.length;
    },
    add(events) {
      for (const event of Array.isArray(events) ? events : []) {
        logs.push(...event.logs);
        for (const { message } of event.exceptions) exceptions.push(String(message));
      }
    },
    async recordsOf(requestId, count = 1) {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const found = logs.flatMap(({ message }) => message.filter(isRecord));
        const records = found.filter((record) => record['request_id'] === requestId);
        if (records.length >= count || Date.now() > deadline) return records.map(validRecord);
        await sleep(5);
      }
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

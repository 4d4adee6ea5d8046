import { exchange } from './exchange.ts';
import type { LogCall, RunningWorker } from './workerd.ts';

const markers = new WeakSet<object>();

/**
 * Everything that a Worker has logged. An absent line proves something only after a later line has arrived. So this
 * sends a request that fails and waits for its record. The records of these requests are left out.
 * @param failing a request target that fails
 */
export async function otherLogs(worker: RunningWorker, failing = '/status/503'): Promise<LogCall[]> {
  const answer = await exchange(worker.port, { target: failing });
  const [marker] = await worker.recordsOf(answer.header('x-request-id') ?? '');
  if (marker === undefined) throw new Error(`${failing} left no record`);
  markers.add(marker);
  return worker.logs.filter(({ message: [record] }) => !isObject(record) || !markers.has(record));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

import { type ErrorEvent, EventSource } from 'eventsource';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { lastRecord, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

/** Listens until this many events have come, or until the source closes. */
function listen(url: string, count: number): Promise<string> {
  const seen: string[] = [];
  const source = new EventSource(url);
  return new Promise<string>((resolve) => {
    const finish = (last: string) => {
      source.close();
      resolve([...seen, last].filter((text) => text !== '').join(', '));
    };
    source.onmessage = ({ data }) => {
      seen.push(String(data));
      if (seen.length === count) finish('');
    };
    source.onerror = ({ message, code }: ErrorEvent) => {
      if (source.readyState === EventSource.CLOSED)
        finish(`closed: ${message ?? ''} (${code ?? 'no status'})`);
    };
  });
}

describe('EventSource', () => {
  let server: Daemon;
  let worker: RunningWorker;

  beforeAll(async () => {
    server = await startServer('events');
    worker = await startBehind(server);
  });

  it('events come one by one, and after an end it goes on with the next, as without the Worker', async () => {
    const direct = await listen(`${server.url}/?end`, 7);
    expect(direct).toBe('event 1, event 2, event 3, event 4, event 5, event 6, event 7');
    expect(await listen(`${worker.url}/?end`, 7)).toBe(direct);
    // This stream never ends. The events have to arrive nevertheless.
    expect(await listen(worker.url, 3)).toBe('event 1, event 2, event 3');
  });

  it('the server killed: it is told the status, and closes', async (context) => {
    const [without, through] = [await listen(server.url, 3), await listen(worker.url, 3)];
    await server.kill();
    const since = recordsOf(worker).length;
    const dead = await listen(worker.url, 3);
    expect(dead).toMatch(/^closed: .*\(500\)$/);
    expect(await lastRecord(worker, since)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'json' },
    });
    witness(context, {
      software: 'eventsource',
      version: installedVersion('eventsource'),
      done: 'server-sent events, with Last-Event-ID after an end',
      without,
      through,
      dead,
    });
  });
});

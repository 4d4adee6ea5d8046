/** The Workers that the table of faults asks: one per place at which the origin can be. */
import { type Origin, startListener, startOrigin, startTlsOrigin, unusedPort } from './origin.ts';
import { type Place, TIMEOUT_MS } from './fault-table.ts';
import { type RunningWorker, type WorkerdOptions, startWorkerd } from './workerd.ts';

/** A Worker at every place, and the origin at the first. */
export interface Places {
  readonly origin: Origin;
  readonly workers: Readonly<Record<Place, RunningWorker>>;
  /** How many connections are open to the origins that take connections. */
  openConnections(): number;
  stop(): Promise<void>;
}

/** Starts them all. */
export async function startPlaces(
  bundle: string,
  vars: NonNullable<WorkerdOptions['vars']> = {},
): Promise<Places> {
  const [origin, tls, silent, unused] = await Promise.all([
    startOrigin(),
    startTlsOrigin(),
    startListener((socket) => socket.resume().once('end', () => socket.destroy())),
    unusedPort(),
  ]);
  const urls: Readonly<Record<Place, string>> = {
    'the misbehaving origin': origin.url,
    'a port where nobody listens': `http://127.0.0.1:${unused}`,
    'a TLS port, asked in plain HTTP': `http://${tls.host}`,
    'a plain port, asked over TLS': `https://${origin.host}`,
    'a TLS port with a self-signed certificate': `https://localhost:${tls.port}`,
    'a TLS port that never answers': `https://${silent.host}`,
    'a name that does not resolve': 'http://origin.invalid',
    itself: '',
  };
  const start = (place: Place) =>
    startWorkerd({ bundle, vars: { ORIGIN_URL: urls[place], ORIGIN_TIMEOUT_MS: TIMEOUT_MS, ...vars } });
  const workers: Readonly<Record<Place, RunningWorker>> = {
    'the misbehaving origin': await start('the misbehaving origin'),
    'a port where nobody listens': await start('a port where nobody listens'),
    'a TLS port, asked in plain HTTP': await start('a TLS port, asked in plain HTTP'),
    'a plain port, asked over TLS': await start('a plain port, asked over TLS'),
    'a TLS port with a self-signed certificate': await start('a TLS port with a self-signed certificate'),
    'a TLS port that never answers': await start('a TLS port that never answers'),
    'a name that does not resolve': await start('a name that does not resolve'),
    itself: await start('itself'),
  };
  return {
    origin,
    workers,
    openConnections: () => origin.openConnections() + tls.openConnections() + silent.openConnections(),
    async stop() {
      await Promise.all(Object.values(workers).map((worker) => worker.stop()));
      await Promise.all([origin.stop(), tls.stop(), silent.stop()]);
    },
  };
}

/** The Workers that the table of faults asks: one per place at which the origin can be. */
import { type Origin, startListener, startOrigin, startTlsOrigin, unusedPort } from './origin.ts';
import { type Place, TIMEOUT_MS } from './fault-table.ts';
import { type RunningWorker, startWorkers } from './workerd.ts';

/** The places whose Workers allow the origin `TIMEOUT_MS`. */
const limited = new Set(['the misbehaving origin, with a limit', 'a TLS port that never answers']);

/** Two Workers at every place, and the origin at the first. */
export interface Places {
  readonly origin: Origin;
  /** The Worker whose origin is there. */
  at(place: Place): RunningWorker;
  /** The same with `ERROR_STATUS = "origin"`. */
  keepingStatusAt(place: Place): RunningWorker;
  /** All of them, by their names. */
  readonly workers: readonly (readonly [name: string, RunningWorker])[];
  /** How many connections are open to the origins that take connections. */
  openConnections(): number;
  stop(): Promise<void>;
}

/** Starts them all. */
export async function startPlaces(bundle: string): Promise<Places> {
  const [origin, tls, silent, unused] = await Promise.all([
    startOrigin(),
    startTlsOrigin(),
    startListener((socket) => socket.resume().once('end', () => socket.destroy())),
    unusedPort(),
  ]);
  const urls: Readonly<Record<Place, string>> = {
    'the misbehaving origin': origin.url,
    'the misbehaving origin, with a limit': origin.url,
    'a port where nobody listens': `http://127.0.0.1:${unused}`,
    'a TLS port, asked in plain HTTP': `http://${tls.host}`,
    'a plain port, asked over TLS': `https://${origin.host}`,
    'a TLS port with a self-signed certificate': `https://localhost:${tls.port}`,
    'a TLS port that never answers': `https://${silent.host}`,
    'a name that does not resolve': 'http://origin.invalid',
    itself: '',
  };
  const all = Object.fromEntries(
    Object.entries(urls).flatMap(([place, ORIGIN_URL]) => {
      // Only where it is to be reached: a busy machine is slow at everything.
      const limit = limited.has(place) ? { ORIGIN_TIMEOUT_MS: TIMEOUT_MS } : {};
      const vars = { ORIGIN_URL, ...limit };
      return [
        [place, { bundle, vars }],
        [`${place}, keeping its status`, { bundle, vars: { ...vars, ERROR_STATUS: 'origin' } }],
      ];
    }),
  );
  const running = await startWorkers(all);
  const at = (ending: string) => (place: Place) => {
    const worker = running[place + ending];
    if (worker === undefined) throw new Error(`No Worker at ${place}${ending}`);
    return worker;
  };
  return {
    origin,
    at: at(''),
    keepingStatusAt: at(', keeping its status'),
    workers: Object.entries(running),
    openConnections: () => origin.openConnections() + tls.openConnections() + silent.openConnections(),
    async stop() {
      // They share a process.
      await Object.values(running)[0]?.stop();
      await Promise.all([origin.stop(), tls.stop(), silent.stop()]);
    },
  };
}

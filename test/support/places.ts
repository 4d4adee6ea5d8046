/** The Workers for the table of faults: one for each place of the origin. */
import { type Origin, startListener, startOrigin, startTlsOrigin, unusedPort } from './origin.ts';
import { type Place, TIMEOUT_MS } from './fault-table.ts';
import { type RunningWorker, startWorkers } from './workerd.ts';

/** The places whose Workers allow the origin only `TIMEOUT_MS`. */
const limited = new Set(['the misbehaving origin, with a limit', 'a TLS port that never answers']);

/** Two Workers for each place, and the origin that fails on demand. */
export interface Places {
  readonly origin: Origin;
  /** The Worker whose origin is at this place. */
  at(place: Place): RunningWorker;
  /** The Worker at this place with `ERROR_STATUS = "origin"`. */
  keepingStatusAt(place: Place): RunningWorker;
  /** All Workers, by name. */
  readonly workers: readonly (readonly [name: string, RunningWorker])[];
  /** The number of open connections to the origins that accept connections. */
  openConnections(): number;
  stop(): Promise<void>;
}

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
      // The short time limit is for these places only: a busy machine is slow everywhere.
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
      // All of them share one process.
      await Object.values(running)[0]?.stop();
      await Promise.all([origin.stop(), tls.stop(), silent.stop()]);
    },
  };
}

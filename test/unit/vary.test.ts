/**
 * `Vary` names all headers that decide the form and the language of an answer. The test records which headers the
 * code reads.
 */
import { expect, it } from 'vitest';
import { forms } from '../../src/answer/forms.ts';
import { VARY, planAnswer } from '../../src/answer/plan.ts';
import { incidentOf } from '../../src/incident.ts';
import { parseSettings } from '../../src/read-settings.ts';

/** Headers that decide the form. Each request leaves out one more of the first ones, so every rule is reached. */
const deciding: readonly (readonly [name: string, value: string])[] = [
  ['User-Agent', 'git/2.53.0'],
  ['HX-Request', 'true'],
  ['X-Up-Version', '3.14.3'],
  ['X-Livewire', ''],
  ['X-Inertia', 'true'],
  ['Accept', 'text/html, application/json'],
  ['Sec-Fetch-Dest', 'empty'],
  ['Sec-Fetch-Mode', 'cors'],
  ['X-Requested-With', 'XMLHttpRequest'],
  ['Content-Type', 'application/json'],
];

/** The names of the headers that are read to plan an answer and to name its type. */
function namesRead(headers: Headers, setting: 'all' | 'pages'): Set<string> {
  const names = new Set<string>();
  const spy = new Proxy(headers, {
    get(target, property) {
      if (property !== 'get' && property !== 'has') {
        throw new Error(`Reads ${String(property)} of the headers, which this test cannot see through`);
      }
      return (name: string) => {
        names.add(name.toLowerCase());
        return target[property](name);
      };
    },
  });
  const request = new Request('https://shop.example/');
  Object.defineProperty(request, 'headers', { value: spy });
  const { settings } = parseSettings({ INTERCEPT: setting });
  const response = new Response('', { status: 503 });
  const failure = { kind: 'answered', source: 'origin', response } as const;
  const { format } = planAnswer({
    ...incidentOf(new Request(request.url), 'x', settings, failure, 0),
    request,
  });
  Object.entries(forms)
    .find(([form]) => form === format)?.[1]
    .mediaType(spy);
  return names;
}

it('Vary names every request header that is read for that, but User-Agent', () => {
  const read = new Set<string>();
  for (let first = 0; first <= deciding.length; first++) {
    for (const setting of ['all', 'pages'] as const) {
      for (const name of namesRead(new Headers(deciding.slice(first).map(([a, b]) => [a, b])), setting))
        read.add(name);
    }
  }
  read.delete('user-agent');
  expect([...read].toSorted()).toEqual(VARY.toLowerCase().split(', '));
});

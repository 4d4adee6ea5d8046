/** A hostile application. The number of the case decides which value it throws or answers with. */
import { thrownValues } from '../thrown-values.ts';
import { ORIGIN_HEADER } from './answers.ts';
import { OF_ORIGIN, SECRET } from './canaries.ts';
import { CASE_HEADER } from './visits.ts';

/**
 * This value is left out: making megabytes for every request would measure the application and not the code around
 * it.
 */
const small = thrownValues
  .map(({ source }) => source.replace(/headers: \{/, `headers: { '${ORIGIN_HEADER}': '1',`))
  .filter((source) => !/\d{3}_\d{3}/.test(source));

const hostile = [
  `new Error('${OF_ORIGIN} password=${SECRET}')`,
  `Object.assign(new Error('x'), { stack: 'Error: ${OF_ORIGIN}\\n    at /a?token=${SECRET}', code: 'password=${SECRET}', status: -1 })`,
  `new Error('x', { cause: new Error('postgres://u:${SECRET}@h/d', { cause: { token: '${SECRET}' } }) })`,
  `Object.assign(new Error(), { errors: new Proxy([], { get() { throw new Error('${OF_ORIGIN}'); } }) })`,
  `new AggregateError(Array(1000).fill(new Error('secret: ${SECRET}')), '${OF_ORIGIN}')`,
  `({ get message() { throw 1; }, get stack() { return { slice: null }; }, get name() { return Symbol(); }, errors: '${OF_ORIGIN}' })`,
  `({ message: { toString() { throw 1; } }, name: 'x'.repeat(20000), cause: new Proxy({}, { ownKeys() { throw 1; } }) })`,
  `Object.fromEntries(Array.from({ length: 500 }, (_, i) => ['k' + i, { password: '${SECRET}', deep: [[[[['${OF_ORIGIN}']]]]] }]))`,
  `'${OF_ORIGIN}\\u202e\\u2028\\0 ?token=${SECRET}'.repeat(400)`,
  `{ getResponse() { throw new Error('${OF_ORIGIN}'); } }`,
  `{ getResponse: () => '${OF_ORIGIN}' }`,
  `{ then(resolve) { resolve('${OF_ORIGIN}'); } }`,
];

const values = [...small, ...hostile].map(
  (source) => `() => (${source.startsWith('{') ? `(${source})` : source})`,
);

/** The application's own strange and broken answers. */
const answers = [
  `new Response('${OF_ORIGIN}', { status: 503, headers: own({ 'Access-Control-Allow-Origin': 'x\\x01', 'X-A': '${OF_ORIGIN}' }) })`,
  `(() => { const r = new Response('${OF_ORIGIN}', { status: 500, headers: own({}) }); r.text(); return r; })()`,
  `(() => { const r = new Response('${OF_ORIGIN}', { status: 502, headers: own({}) }); r.body.getReader(); return r; })()`,
  `new Response('fine', { headers: own({}) })`,
  `undefined`,
  `'${OF_ORIGIN}'`,
  `{ status: 503 }`,
  `new Proxy(new Response('${OF_ORIGIN}', { status: 503, headers: own({}) }), {})`,
];

/** The source of a Worker with the hostile application, for `buildLibraryBundle`. */
export const hostileApplication = `
  const own = (headers) => ({ '${ORIGIN_HEADER}': '1', ...headers });
  const values = [${values.join(',\n')}];
  const answers = [${answers.map((source) => `() => (${source})`).join(',\n')}];
  export default withErrorPages({
    async fetch(request) {
      const number = Number(request.headers.get('${CASE_HEADER}')) || 0;
      if (number % 4 === 0) return answers[(number / 4) % answers.length]();
      throw values[number % values.length]();
    },
  });
`;

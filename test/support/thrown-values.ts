/** Values that code throws, as JavaScript that runs in workerd, with their fields in the log. */

export interface ThrownValue {
  /** Completes "code throws …". */
  readonly what: string;
  /** The JavaScript expression that makes the value. */
  readonly source: string;
  /** `exception.type` in the record. */
  readonly type: string;
  /** `exception.message` in the record. */
  readonly message: string | RegExp;
}

const proxy = `new Proxy({}, new Proxy({}, { get: () => () => { throw new Error('trapped'); } }))`;

/** One value of every kind that JavaScript can throw. */
export const thrownValues: readonly ThrownValue[] = [
  { what: 'an Error', source: `new Error('Boom')`, type: 'Error', message: 'Boom' },
  { what: 'a TypeError', source: `new TypeError('Boom')`, type: 'TypeError', message: 'Boom' },
  { what: 'a string', source: `'Boom'`, type: 'string', message: 'Boom' },
  { what: 'an empty string', source: `''`, type: 'string', message: '' },
  { what: 'a number', source: '42', type: 'number', message: '42' },
  { what: 'false', source: 'false', type: 'boolean', message: 'false' },
  { what: 'a symbol', source: `Symbol('Boom')`, type: 'symbol', message: 'Symbol(Boom)' },
  { what: 'a BigInt', source: '10n', type: 'bigint', message: '10' },
  { what: 'null', source: 'null', type: 'null', message: 'null' },
  { what: 'undefined', source: 'undefined', type: 'undefined', message: 'undefined' },
  { what: 'an empty object', source: '({})', type: 'Object', message: '{}' },
  { what: 'plain data', source: `({ code: 7 })`, type: 'Object', message: '{"code":7}' },
  {
    what: 'an object without a prototype',
    source: 'Object.create(null)',
    type: 'object',
    message: '[object Object]',
  },
  {
    what: 'a function',
    source: '(function boom() { return "hunter2"; })',
    type: 'boom',
    message: '[function boom]',
  },
  {
    what: 'a Response',
    source: `new Response('mine', { status: 200, headers: { 'X-Mine': 'yes' } })`,
    type: 'Response',
    message: '[object Response]',
  },
  {
    what: 'a DOMException',
    source: `new DOMException('Boom', 'TimeoutError')`,
    type: 'TimeoutError',
    message: 'Boom',
  },
  {
    what: 'an Error whose message getter throws',
    source: `Object.defineProperty(new Error(), 'message', { get() { throw new Error('trapped'); } })`,
    type: 'Error',
    message: '[object Error]',
  },
  {
    what: 'an Error whose every getter throws',
    source: `Object.defineProperties(new Error(), Object.fromEntries(
      ['name', 'message', 'stack', 'cause', 'constructor', 'toString', 'toJSON'].map((name) =>
        [name, { get() { throw new Error('trapped'); } }])))`,
    type: 'object',
    message: '[object Error]',
  },
  {
    what: 'an object whose toJSON, toString and valueOf throw',
    source: `Object.fromEntries(['toJSON', 'toString', 'valueOf'].map((name) =>
      [name, () => { throw new Error('trapped'); }]))`,
    type: 'Object',
    message: '{"toJSON":"…","toString":"…","valueOf":"…"}',
  },
  { what: 'a Proxy that throws on everything', source: proxy, type: 'object', message: '' },
  {
    what: 'a revoked Proxy',
    source: `(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()`,
    type: 'object',
    message: '',
  },
  {
    what: 'an Error with a message of 5 MB',
    source: `new Error('x'.repeat(5_000_000))`,
    type: 'Error',
    message: /^x{2026}… \(5000000 characters\)$/,
  },
  {
    what: 'an Error with a name of 5 MB',
    source: `Object.assign(new Error('Boom'), { name: 'N'.repeat(5_000_000) })`,
    type: `${'N'.repeat(106)}… (5000000 characters)`,
    message: 'Boom',
  },
  {
    what: 'an Error with a cyclic cause',
    source: `(() => { const error = new Error('Boom'); error.cause = error; return error; })()`,
    type: 'Error',
    message: 'Boom',
  },
  {
    what: 'an Error with a BigInt in its cause',
    source: `new Error('Boom', { cause: { amount: 10n } })`,
    type: 'Error',
    message: 'Boom',
  },
  {
    what: 'data with a cycle',
    source: `(() => { const data = {}; data.self = data; return data; })()`,
    type: 'Object',
    message: '{"self":"…"}',
  },
  { what: 'data with a BigInt', source: '({ amount: 10n })', type: 'Object', message: '{"amount":10}' },
  {
    what: 'data of 30 MB',
    source: `({ list: Array(300_000).fill('x'.repeat(100)), text: 'x'.repeat(1_000_000) })`,
    type: 'Object',
    message: /^\{"list":\["x+",.*…/,
  },
  {
    what: 'a SuppressedError',
    source: `Object.assign(new Error('Boom'), { name: 'SuppressedError', error: new Error('a'), suppressed: new Error('b') })`,
    type: 'SuppressedError',
    message: 'Boom',
  },
  {
    what: 'an Error whose errors lie about their length and cannot be sliced',
    source: `Object.assign(new Error('Boom'), { errors: new Proxy([], {
      get(_, name) { if (name === 'length') return 1e9; throw new Error('trapped'); } }) })`,
    type: 'Error',
    message: 'Boom',
  },
  {
    what: 'an Error with bidi controls and line separators',
    source: `new Error('a\\u202eb\\u2028c')`,
    type: 'Error',
    message: 'a\ufffdb\ufffdc',
  },
  {
    what: 'an Error with a secret',
    source: `new Error('cannot connect to postgres://u:p#S3cr3t@db.example/shop')`,
    type: 'Error',
    message: 'cannot connect to postgres://…/shop',
  },
  {
    what: 'an Error with lone surrogates',
    source: `new Error('\\ud800x\\udc00')`,
    type: 'Error',
    message: '\ufffdx\ufffd',
  },
  {
    what: 'an Error with control characters',
    source: `new Error('\\x00\\x1b[31m\\x7f\\x9b')`,
    type: 'Error',
    message: '\ufffd\ufffd[31m\ufffd\ufffd',
  },
  {
    what: 'an Error whose message is markup',
    source: `new Error('<script>alert(1)</script>')`,
    type: 'Error',
    message: '<script>alert(1)</script>',
  },
  {
    what: 'an Error with 5 MB of line breaks',
    source: `new Error('\\n'.repeat(5_000_000) + 'x')`,
    type: 'Error',
    message: /^\n+… \(5000001 characters\)$/,
  },
];

/**
 * JavaScript that declares `throwAsAsked(url)`. It throws the value that the path asks for: `/throw/3` synchronously,
 * `/reject/3` as a rejected promise.
 */
export const throwAsAsked = `
const values = [${thrownValues.map(({ source }) => `() => ${source}`).join(',\n')}];
function throwAsAsked(url) {
  const [, how, index] = new URL(url).pathname.split('/');
  if (how === 'reject') return Promise.reject(values[index]());
  throw values[index]();
}
`;

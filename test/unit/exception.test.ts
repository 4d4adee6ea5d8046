import { describe, expect, it } from 'vitest';
import { describeException } from '../../src/log/exception.ts';

const throwing = new Proxy(
  {},
  {
    get() {
      throw new Error('trap');
    },
    getPrototypeOf() {
      throw new Error('trap');
    },
  },
);

function errorWithThrowingMessage(): Error {
  return Object.defineProperty(new Error('unused'), 'message', {
    get() {
      throw new Error('trap');
    },
  });
}

function cyclicCause(): Error {
  const error = new Error('first');
  error.cause = new TypeError('second', { cause: error });
  return error;
}

describe('whatever was thrown is described', () => {
  it.each([
    ['an Error', new RangeError('too far'), { type: 'RangeError', message: 'too far' }],
    ['an Error without a message', new RangeError(), { type: 'RangeError', message: '' }],
    ['a DOMException', new DOMException('gone', 'AbortError'), { type: 'AbortError', message: 'gone' }],
    ['a text', 'boom', { type: 'string', message: 'boom' }],
    ['a number', 42, { type: 'number', message: '42' }],
    ['a BigInt', 10n, { type: 'bigint', message: '10' }],
    ['a symbol', Symbol('s'), { type: 'symbol', message: 'Symbol(s)' }],
    ['null', null, { type: 'null', message: 'null' }],
    ['undefined', undefined, { type: 'undefined', message: 'undefined' }],
    ['plain data', { code: 'E_PAY' }, { type: 'Object', message: '{"code":"E_PAY"}' }],
    ['plain data that JSON cannot hold', { n: 10n }, { type: 'Object', message: '[object Object]' }],
    ['a Response', new Response('x'), { type: 'Response', message: '[object Response]' }],
    ['an object without prototype', Object.create(null), { type: 'object', message: '[object Object]' }],
    ['a Proxy that throws on everything', throwing, { type: 'object', message: '' }],
    [
      'an Error whose message throws',
      errorWithThrowingMessage(),
      { type: 'Error', message: '[object Error]' },
    ],
  ])('%s', (_title, thrown, expected) => {
    expect(describeException(thrown)).toMatchObject(expected);
  });
});

describe('every part has a limit', () => {
  it('a message of 5 MB is cut, and says how long it was', () => {
    const { message, stacktrace } = describeException(new Error('x'.repeat(5_000_000)));
    expect(message).toHaveLength(2048);
    expect(message).toMatch(/x… \(5000000 characters\)$/);
    expect(stacktrace?.length).toBeLessThanOrEqual(4096);
  });

  it('the frames of a stack survive a long message', () => {
    expect(describeException(new Error('x'.repeat(100_000))).stacktrace).toMatch(/\n\s+at .*exception\.test/);
  });

  it('the chain of causes is five deep, a line each', () => {
    let error = new Error('root');
    for (let i = 1; i <= 9; i++) error = new Error(`level ${i}`, { cause: error });
    const { cause } = describeException(error);
    expect(cause?.split('\n')).toEqual([8, 7, 6, 5, 4].map((level) => `Error: level ${level}`));
  });

  it('a cause of several lines is one line', () => {
    const { cause } = describeException(new Error('a', { cause: new Error('b\n  c') }));
    expect(cause).toBe('Error: b c');
  });

  it('the errors of an AggregateError are causes, and so are theirs', () => {
    const refused = new Error('refused', { cause: 'ECONNREFUSED' });
    const { cause } = describeException(new AggregateError([refused, new TypeError('bad')], 'all failed'));
    expect(cause?.split('\n')).toEqual(['Error: refused', 'TypeError: bad', 'string: ECONNREFUSED']);
  });

  it('a cause that leads back to itself ends', () => {
    const { cause } = describeException(cyclicCause());
    expect(cause?.split('\n')).toHaveLength(5);
    expect(cause).toMatch(/^TypeError: second\nError: first\n/);
  });
});

describe('what is described is fit for the log', () => {
  it('control characters and lone surrogates are replaced', () => {
    const { message } = describeException(new Error('a\u0000b\u001bc\ud800d\u009b'));
    expect(message).toBe('a\ufffdb\ufffdc\ufffdd\ufffd');
  });

  it('a cut in the middle of a character leaves no half', () => {
    for (let before = 2020; before <= 2040; before++) {
      const { message } = describeException(new Error(`${'x'.repeat(before)}😀${'y'.repeat(100)}`));
      expect(message.isWellFormed(), String(before)).toBe(true);
    }
  });

  it('the query of a URL in a message is left out', () => {
    const { message } = describeException(
      new Error('cannot load https://shop.example/a?token=s3cret&b=1 now'),
    );
    expect(message).toBe('cannot load https://shop.example/a?… now');
  });

  it.each([
    ['https://me:s3cret@db.example/a and /b/it?x=s3cret', 'https://…@db.example/a and /b/it?…'],
    ['postgres://me:s3@cret@db.example/a', 'postgres://…@db.example/a'],
    ['cannot parse ?token=s3cret&a=1', 'cannot parse ?…'],
    ['page.php?s3cret?token=s3cret', 'page.php?…'],
    ['https://shop.example/my file?token=s3cret', 'https://shop.example/my file?…'],
    ['/a?s3cret', '/a?…'],
    ['What? Really?', 'What? Really?'],
    [
      'at https://a.example/cart;jsessionid=s3cret/b;c=s3cret',
      'at https://a.example/cart;jsessionid=…/b;c=…',
    ],
    ['a; b=1 https://a.example/x', 'a; b=1 https://a.example/x'],
    ['/? /? /?', '/? /? /?'],
  ])('nor is the password of a URL in it, or any other query: %j', (thrown, described) => {
    expect(describeException(new Error(thrown)).message).toBe(described);
  });

  it('a password is left out wherever a long message is cut', () => {
    for (let before = 1990; before <= 2048; before++) {
      const url = 'mysql://root:s3cret@db.example/shop?s3cret';
      const { message } = describeException(new Error(`${'x'.repeat(before)} ${url}${' y'.repeat(100)}`));
      expect(message.length, String(before)).toBeLessThanOrEqual(2048);
      expect(message, String(before)).not.toMatch(/s3|cret/);
    }
  });

  it('no text gets longer than its limit, whatever is left out', () => {
    for (const text of ['/? ', '://@ ', '/?a ', '?= ', '\r', '\ud800', '://a@/?b']) {
      const error = new Error(text.repeat(5000), { cause: text.repeat(200) });
      const { message, stacktrace, cause } = describeException(error);
      expect(message.length, text).toBeLessThanOrEqual(2048);
      expect(stacktrace?.length, text).toBeLessThanOrEqual(4096);
      expect(cause?.length, text).toBeLessThanOrEqual(320);
    }
  });

  it('line ends are those of the log', () => {
    expect(describeException(new Error('a\r\nb\rc\nd')).message).toBe('a\nb\nc\nd');
  });
});

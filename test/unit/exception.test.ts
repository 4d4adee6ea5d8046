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

function cyclicData(): object {
  const data: Record<string, unknown> = { a: 1 };
  data['self'] = data;
  return data;
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
    ['plain data that JSON cannot hold', { n: 10n }, { type: 'Object', message: '{"n":10}' }],
    ['a list', ['a', 1, null], { type: 'Array', message: '["a",1,null]' }],
    ['data with a cycle', cyclicData(), { type: 'Object', message: '{"a":1,"self":"…"}' }],
    [
      'data with a list of a name and its secret',
      { list: ['password', 'hunter2'] },
      { message: '{"list":["password","…"]}' },
    ],
    ['a function', function boom() {}, { message: '[function boom]' }],
    ['data with a date', { at: new Date(0) }, { message: '{"at":"1970-01-01T00:00:00.000Z"}' }],
    ['a large BigInt', 2n ** 5000n, { type: 'bigint', message: 'bigint of more than 1024 bits' }],
    [
      'a Response',
      new Response('x', { status: 418 }),
      { type: 'Response', message: '[object Response]', status: 418 },
    ],
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
    expect(cause).toBe('TypeError: second');
  });
});

describe('what an exception holds is not lost', () => {
  it('the code, the status and the flags of the runtime', () => {
    const error = Object.assign(new Error('reset'), {
      code: 'ECONNRESET',
      status: 503,
      retryable: true,
      overloaded: false,
      remote: true,
      durableObjectReset: true,
    });
    expect(describeException(error)).toMatchObject({
      code: 'ECONNRESET',
      status: 503,
      flags: ['retryable', 'remote', 'durableObjectReset'],
    });
  });

  it('no code, status or flag that is none', () => {
    const error = Object.assign(new Error('x'), { code: {}, status: 'gone', retryable: 'yes' });
    const described = describeException(error);
    for (const key of ['code', 'status', 'flags']) expect(described).not.toHaveProperty(key);
    for (const status of [1e9, -1, 1.5, NaN]) {
      expect(describeException({ status })).not.toHaveProperty('status');
    }
  });

  it('both errors of a SuppressedError', () => {
    const suppressed = Object.assign(new Error('disposing failed'), {
      name: 'SuppressedError',
      error: new TypeError('second'),
      suppressed: new RangeError('first'),
    });
    expect(describeException(suppressed)).toMatchObject({
      type: 'SuppressedError',
      cause: 'TypeError: second\nRangeError: first',
    });
  });

  it('the error of an ErrorEvent, and its stack', () => {
    class ErrorEvent extends Event {
      readonly message = 'Uncaught';
      readonly error = new TypeError('inner');
    }
    expect(describeException(new ErrorEvent('error'))).toMatchObject({
      type: 'ErrorEvent',
      message: 'Uncaught',
      cause: 'TypeError: inner',
      stacktrace: expect.stringContaining('exception.test'),
    });
  });
});

describe('whatever its size, little of it is read', () => {
  /** Counts the reads of a value. */
  function counted(value: object): { readonly proxy: object; reads(): number } {
    let reads = 0;
    const proxy = new Proxy(value, {
      get(target, name) {
        reads++;
        return Reflect.get(target, name);
      },
    });
    return { proxy, reads: () => reads };
  }

  it('of a list of a million entries', () => {
    const { proxy, reads } = counted(Array.from({ length: 1_000_000 }, (_, i) => i));
    const { message } = describeException(proxy);
    expect(message).toMatch(/^\[0,1,2,.*…\]$/);
    expect(reads()).toBeLessThan(100);
  });

  it('of the errors of an AggregateError', () => {
    const { proxy, reads } = counted(Array.from({ length: 1000 }, () => new Error('x')));
    const error = Object.assign(new Error('all'), { errors: proxy });
    expect(describeException(error).cause?.split('\n')).toHaveLength(5);
    expect(reads()).toBeLessThan(100);
  });

  it.each([
    ['a text of 30 MB in data', () => ({ a: 'x'.repeat(30_000_000), b: 1 })],
    [
      '300,000 entries',
      () => Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`k${i}`, 'v'.repeat(90)])),
    ],
    ['an Error of 30 MB', () => new Error('x'.repeat(30_000_000))],
    ['a name of 30 MB', () => Object.assign(new Error('x'), { name: 'n'.repeat(30_000_000) })],
    ['a stack of 30 MB', () => Object.assign(new Error('x'), { stack: 'at x\n'.repeat(6_000_000) })],
    ['depth', () => JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`)],
    [
      'width in depth',
      () => JSON.parse(JSON.stringify(Array(50).fill(Array(50).fill(Array(50).fill('long text'))))),
    ],
    ['errors that are a text', () => Object.assign(new Error('x'), { errors: 'x'.repeat(1e7) })],
    [
      'errors whose slice and length lie',
      () =>
        Object.assign(new Error('x'), {
          errors: Object.assign([1], {
            slice: () => {
              throw new Error('trap');
            },
          }),
        }),
    ],
    [
      'every part at its longest, in a script of three bytes a character',
      () => {
        const error = new AggregateError(
          Array.from({ length: 9 }, () => new Error('漢'.repeat(5000))),
          '漢'.repeat(9000),
        );
        return Object.assign(error, {
          code: '漢'.repeat(500),
          name: '漢'.repeat(500),
          stack: '漢'.repeat(9000),
        });
      },
    ],
    ['quotes and backslashes', () => new Error('"\\'.repeat(20_000))],
  ])('%s: the description stays below 25 kB', (_, make) => {
    const described = JSON.stringify(describeException(make()));
    expect(Buffer.byteLength(described)).toBeLessThan(25_000);
  });

  it('a secret at the end of what is read of a text does not show', () => {
    for (let before = 200; before <= 260; before++) {
      const described = describeException({ url: `${'x'.repeat(before)} mysql://root:s3cret@db.example` });
      expect(described.message, String(before)).not.toMatch(/s3|cret/);
    }
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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrubId, scrubText } from '../../src/scrub/scrub.ts';

const LIMIT = 8192;

/** The texts of a corpus: all lines that are no comments. */
function corpus(name: string): string[] {
  return readFileSync(join(import.meta.dirname, 'corpus', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.replaceAll('¦', '').replaceAll('␤', '\n'));
}

const corpusOfSecrets = corpus('secrets.txt').map((marked) => ({
  text: marked.replace(/[⟦⟧]/g, ''),
  secrets: [...marked.matchAll(/⟦(.*?)⟧/gs)].map(([, secret = '']) => secret),
}));
const harmless = corpus('harmless.txt');

/** The texts of a corpus in JSON Lines, in the notation of real software. */
function records<Fields extends string>(name: string): { text: string; fields: Record<Fields, string[]> }[] {
  const lines = readFileSync(join(import.meta.dirname, 'corpus', name), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const { text, ...fields } = JSON.parse(line);
    return { text, fields };
  });
}

const printedSecrets = records<'secret'>('secrets.jsonl');
const printedHarmless = records<'stays'>('harmless.jsonl');

/** A part of a secret that is left in a text, if it is long enough to be of use. */
function leakOf(secret: string, text: string): string | undefined {
  const length = Math.min(secret.length, 6);
  for (let i = 0; i + length <= secret.length; i++) {
    if (text.includes(secret.slice(i, i + length))) return secret.slice(i, i + length);
  }
  return undefined;
}

describe('a secret does not reach the log', () => {
  it('the corpus is large', () => expect(corpusOfSecrets.length).toBeGreaterThan(200));

  it.each(corpusOfSecrets)('$text', ({ text, secrets }) => {
    expect(secrets.length).toBeGreaterThan(0);
    const scrubbed = scrubText(text, LIMIT);
    expect(
      secrets.map((secret) => leakOf(secret, scrubbed)).filter((leak) => leak !== undefined),
      scrubbed,
    ).toEqual([]);
  });

  it('nor where other text stands around it', () => {
    for (const [before, after] of [
      ['Error: ', ''],
      ['', '\nand so on'],
      ['größer ', ' … ü'],
    ] as const) {
      for (const { text, secrets } of corpusOfSecrets) {
        const scrubbed = scrubText(before + text + after, LIMIT);
        expect(
          secrets.filter((secret) => scrubbed.includes(secret)),
          scrubbed,
        ).toEqual([]);
      }
    }
  });
});

describe('what helps to find the cause does', () => {
  it.each(harmless)('%s', (text) => {
    expect(scrubText(text, LIMIT)).toBe(text);
  });
});

describe('of what real software prints', () => {
  it.each(printedSecrets)('no secret stays: $text', ({ text, fields }) => {
    const scrubbed = scrubText(text, LIMIT);
    // A shorter secret could be part of any word.
    expect(
      fields.secret.filter((secret) => secret.length > 3 && scrubbed.includes(secret)),
      scrubbed,
    ).toEqual([]);
  });

  it.each(printedHarmless)('the cause stays: $text', ({ text, fields }) => {
    const scrubbed = scrubText(text, LIMIT);
    let position = 0;
    const missing = fields.stays.filter((part) => {
      const index = scrubbed.indexOf(part, position);
      if (index >= 0) position = index + part.length;
      return index < 0;
    });
    expect(missing, scrubbed).toEqual([]);
  });
});

describe('a short way for harmless texts', () => {
  it.each([...corpusOfSecrets.map(({ text }) => text), ...harmless])(
    'ends as the long way does: %s',
    (text) => {
      // With a percent sign in it, any text goes the long way.
      expect(scrubText(text, LIMIT)).toBe(scrubText(`${text}\n%`, LIMIT).replace(/\n%$/, ''));
    },
  );
});

describe('a cut shows no part of a secret', () => {
  it.each(corpusOfSecrets)('$text', ({ text, secrets }) => {
    const before = '. '.repeat(40);
    const padded = `${before}${text}${'\n. . .'.repeat(200)}`;
    const remark = `… (${padded.length} characters)`;
    for (let shown = 1; shown <= text.length; shown++) {
      const limit = before.length + shown + remark.length;
      const scrubbed = scrubText(padded, limit);
      expect(scrubbed.length).toBeLessThanOrEqual(limit);
      const leaks = secrets.map((secret) => leakOf(secret, scrubbed)).filter((leak) => leak !== undefined);
      expect(leaks, scrubbed).toEqual([]);
    }
  });

  it('though what follows it is too far away to be seen', () => {
    for (const text of [
      `https://${'hunter-'.repeat(80)}@shop.example/`,
      `db://me:${'hunter-'.repeat(80)}@db/`,
    ]) {
      for (let limit = 40; limit < 200; limit++) expect(scrubText(text, limit)).not.toContain('hunter');
    }
  });
});

describe('the result fits', () => {
  const pieces = fc.constantFrom(
    '/a?',
    '://',
    '@',
    'u:p',
    ';',
    '#',
    '=',
    '"',
    "'",
    '(',
    ')',
    '\n',
    '\r\n',
    ' ',
    '%3F',
    '\\u003f',
    '&#63;',

    'password',
    'Bearer ',
    '4111111111111111',
    '\ud800',
    '\u0000',
    '\u2028',
    '😀',
    'aZ0_',
    'eyJ',
    '::',
    '1.2.3.4',
  );

  it('whatever the text and the limit are', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), fc.nat(100), (parts, limit) => {
        const scrubbed = scrubText(parts.join(''), limit);
        expect(scrubbed.length).toBeLessThanOrEqual(limit);
        expect(scrubbed.isWellFormed()).toBe(true);
        expect(scrubbed).not.toMatch(/(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
      }),
      { seed: 20_261_125, numRuns: 2000 },
    );
  });

  it('a longer text says how long it was', () => {
    expect(scrubText('x y '.repeat(1000), 100)).toMatch(/^(x y )+(x ?)?… \(4000 characters\)$/);
    expect(scrubText('x y '.repeat(1000), 10)).toBe('x y x y x…');
    expect(scrubText('abc', 0)).toBe('');
  });

  it('what a log cannot show is replaced', () => {
    expect(scrubText('a\u0000b\u001bc\ud800d\u009b', 99)).toBe('a\ufffdb\ufffdc\ufffdd\ufffd');
    expect(scrubText('a\u202eb\u2066c\u200fd\u2028e\u2029f', 99)).toBe(
      'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf',
    );
    expect(scrubText('a\r\nb\rc\nd\te', 99)).toBe('a\nb\nc\nd\te');
  });
});

describe('the secret is hidden, and no more than that', () => {
  it.each([
    ['password="tulip moss\nport 3306', 'password="…\nport 3306'],
    ['password="a""b" port 3306', 'password="…" port 3306'],
    ['password=(tulip moss) next', 'password=(…) next'],
    ['deploy --password tulips --port 3306', 'deploy --password … --port 3306'],
    ['password=kX93-API_KEY', 'password=…'],
    ['password=API_KEY-kX93', 'password=…'],
    ['{value:"kX93-tulip",name:"password"}', '{value:"…",name:"password"}'],
    ['{"line":"the password\\tkX93-tulip"}', '{"line":"the password\\t…"}'],
    [
      'body %7B%22password%22%3A%22tulip%22%7D at port 3306',
      'body %7B%22password%22%3A%22…%22%7D at port 3306',
    ],
    ['body password%3D%22tulip moss%22 at port 3306', 'body password%3D%22…%22 at port 3306'],
    ['id AKIAQ7ZT4MKX2WRP is unknown', 'id … is unknown'],
    ['sent basic dTpwYXNz to it', 'sent basic … to it'],
    ['got bearer kx93.tulip.moss now', 'got bearer … now'],
    ['connect to fdaa::5 failed', 'connect to … failed'],
    ['https://me:kX9/3tulip@shop.example/', 'https://…/'],
    ['://shop.example/a;v=tulip/b', '://shop.example/a;v=…/b'],
    ['${host}/a;v=tulip/b', '${host}/a;v=…/b'],
    ["fetch 'https://a.example/x?f[a]=tulip&b=2' failed", "fetch 'https://a.example/x?…' failed"],
    ['(see https://a.example/x?f(1)=tulip) now', '(see https://a.example/x?…) now'],
  ])('%s', (text, expected) => {
    expect(scrubText(text, LIMIT)).toBe(expected);
  });

  it.each([
    ['a call without a text', 'login(42) failed for "anna"'],
    ['an option that only begins like that for a password', 'vault login -path=github failed'],
    ['a word that ends like a name of a secret', 'compass: north5 east3'],
    ['a token of a parser', 'Unexpected token h2Xk9tu in JSON at position 0'],
    ['an answer about cookies', '{"cookie":"accepted"}'],
    ['a count of tests', 'tests:\n  pass: all-green\n  fail: some'],
    ['a field without its value', 'Error in <input name="password"'],
    ['an empty field', '<input name="password"/> is empty'],
    ['a task', "Don't know how to run token:refresh now"],
    ['the number of an article, which passes the check of cards too', 'article 4006381333023 is gone'],
    ['a group of a regular expression', 'unknown group (?P=name) in pattern'],
    ['the name of an algorithm', 'unknown signature sha256-ecdsa given'],
    ['the name of a constant', 'password=JWT_SECRET'],
  ])('nothing of %s', (_what, text) => {
    expect(scrubText(text, LIMIT)).toBe(text);
  });
});

describe("this request's own IDs stay", () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  it('where they look like a secret', () => {
    expect(scrubText(`trace ${traceId} failed`, 99)).toBe('trace … failed');
    expect(scrubText(`trace ${traceId} failed`, 99, [traceId])).toBe(`trace ${traceId} failed`);
  });
  it('and nothing that stands beside them', () => {
    expect(scrubText(`/a?token=s3cret&id=${traceId}&x=s3cret`, 99, [traceId])).toBe(`/a?…${traceId}…`);
  });
  it('unless they are too short to be one', () => {
    expect(scrubText('password=s3cret', 99, ['s3cret'])).toBe('password=…');
  });
});

describe('a path is scrubbed by the same rules', () => {
  it.each([
    ['/cart;jsessionid=0A1B/pay', '/cart;jsessionid=…/pay'],
    ['/reset/9f86d081884c7d659a2feaa0c55ad015', '/reset/…'],
    ['/a%3Ftoken=S', '/a%3F…'],
    ['/blog/2026/how-we-moved', '/blog/2026/how-we-moved'],
  ])('%s', (path, expected) => {
    expect(scrubText(path, 1024)).toBe(expected);
  });
});

describe('an ID that a stranger chose', () => {
  it.each([
    '4bf92f3577b34da6a3ce929d0e0e4736',
    'q3WmT8zKx1Yp4RvL7sDfG9hJ2kNbC5vX0zM6aQe8',
    '01KAS0Z5G1J8T0N6QH3V9W2XYB',
    'Root=1-67891233-abcdef012345678912345678',
  ])('stays, though it looks random: %s', (id) => {
    expect(scrubId(id, 200)).toBe(id);
  });
  it.each([
    ['anna@shop.example', '…'],
    ['203.0.113.7', '…'],
    ['4111111111111111', '…'],
    ['session_id=hunter2', 'session_id=…'],
    [`gh${'p'}_q7Zt4mKx2wRp9vLn3sYbHd6fGj8kNc5vX0zM`, '…'],
    ['/reset?token=hunter2', '/reset?…'],
  ])('hides what is known to be a secret: %s', (id, expected) => {
    expect(scrubId(id, 200)).toBe(expected);
  });
});

describe('a text that is made of secrets', () => {
  it('is hidden from the 65th on, and what came before stays', () => {
    const text = `disk full on /dev/sda1\n${'ada@shop.example, '.repeat(70)}the end`;
    expect(scrubText(text, 4096)).toBe(`disk full on /dev/sda1\n${'…, '.repeat(64)}…`);
  });

  it('is judged by what is shown of it', () => {
    const text = `disk full on /dev/sda1\n${'a line of a page\n'.repeat(10)}${'ada@shop.example, '.repeat(70)}`;
    expect(scrubText(text, 150)).toMatch(/^disk full on \/dev\/sda1\na line of a page\n/);
  });

  it('is hidden from where it holds more names of secrets than one reads', () => {
    expect(scrubText(`the start ${'password: , '.repeat(200)}the rest`, 4096)).toMatch(
      /^the start password: , .*…$/s,
    );
    expect(scrubText(`${'password: , '.repeat(60)}the rest`, 4096)).toContain('the rest');
  });
});

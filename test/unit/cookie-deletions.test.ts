/** Deletions of cookies reach the visitor. Nothing else in an origin's Set-Cookie does. */
import { expect, it } from 'vitest';
import { cookieDate } from '../../src/answer/cookie-date.ts';
import { cookieDeletions } from '../../src/answer/cookie-deletions.ts';

const now = Date.UTC(2026, 10, 30);

it.each([
  ['sid=; Max-Age=0; Path=/', 'sid=; Max-Age=0; Path=/'],
  ['sid=; Max-Age=-1', 'sid=; Max-Age=0'],
  ['sid=;max-age=0', 'sid=; Max-Age=0'],
  ['sid=; Max-Age=00', 'sid=; Max-Age=0'],
  ['sid=x; Max-Age=60; Max-Age=0', 'sid=; Max-Age=0'],
  // PHP, setcookie('sid', '') and setcookie('sid', 'x', 1)
  [
    'sid=deleted; expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; path=/; domain=.shop.example; secure; HttpOnly; SameSite=Lax',
    'sid=; Max-Age=0; Path=/; Domain=.shop.example; Secure; HttpOnly; SameSite=Lax',
  ],
  ['cart[id]=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/', 'cart[id]=; Max-Age=0; Path=/'],
  // WordPress
  [
    'wordpress_logged_in_5e6f=%20; expires=Sat, 30 Nov 2025 12:00:00 GMT; Max-Age=0; path=/wp-admin',
    'wordpress_logged_in_5e6f=; Max-Age=0; Path=/wp-admin',
  ],
  ['wp-settings-1= ; expires=Sat, 30 Nov 2024 12:00:00 GMT', 'wp-settings-1=; Max-Age=0'],
  // Django, Express, Rails, ASP.NET, Spring
  [
    'sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax',
    'sessionid=; Max-Age=0; Path=/; SameSite=Lax',
  ],
  ['connect.sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'connect.sid=; Max-Age=0; Path=/'],
  [
    '_app_session=; path=/; expires=Thu, 01 Jan 1970 00:00:00 -0000; HttpOnly',
    '_app_session=; Max-Age=0; Path=/; HttpOnly',
  ],
  ['.AspNet.Session=; expires=Mon, 01-Jan-0001 00:00:00 GMT', '.AspNet.Session=; Max-Age=0'],
  ['ASPXAUTH=; expires=Mon, 11-Oct-1999 22:00:00 GMT; path=/', 'ASPXAUTH=; Max-Age=0; Path=/'],
  [
    'JSESSIONID=; Max-Age=0; Expires=Thu, 1 Jan 1970 00:00:00 GMT; Path=/app',
    'JSESSIONID=; Max-Age=0; Path=/app',
  ],
  [
    '__Host-sid=; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=0',
    '__Host-sid=; Max-Age=0; Path=/; Secure; HttpOnly; Partitioned; SameSite=None',
  ],
  ['__Secure-a=b=c; Max-Age=0; Secure=yes', '__Secure-a=; Max-Age=0; Secure'],
  ['sid=; Max-Age=nonsense; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'sid=; Max-Age=0'],
  ['sid=; Max-Age=0; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'sid=; Max-Age=0'],
  ['sid=; Max-Age=0; Path=account', 'sid=; Max-Age=0'],
  ['sid=; Max-Age=0; Path="/"', 'sid=; Max-Age=0'],
  ['sid=; Max-Age=0; Path=/a; Path=/b', 'sid=; Max-Age=0; Path=/b'],
  ['sid=; Max-Age=0; Domain=', 'sid=; Max-Age=0'],
  ['sid=; Max-Age=0; SameSite=Perhaps', 'sid=; Max-Age=0'],
  ['sid=; Max-Age=0; samesite=STRICT', 'sid=; Max-Age=0; SameSite=Strict'],
  ['sid=; Max-Age=0; Priority=High; X-Secret=swordfish', 'sid=; Max-Age=0'],
  ['sid=; Max-Age=0;;; ;Secure;', 'sid=; Max-Age=0; Secure'],
  ['sid=gelöscht; Max-Age=0', 'sid=; Max-Age=0'],
  ['sid=; Expires=Mon, 30 Nov 2026 00:00:00 GMT', 'sid=; Max-Age=0'],
])('%s', (setCookie, deletion) => {
  expect(cookieDeletions([setCookie], now)).toEqual([deletion]);
});

it.each([
  ['a cookie that is set', 'sid=secret'],
  ['a cookie that is set for a while', 'sid=secret; Max-Age=3600'],
  ['a Max-Age above an old Expires', 'sid=x; Max-Age=3600; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
  ['an Expires in a second', 'sid=x; Expires=Mon, 30 Nov 2026 00:00:01 GMT'],
  ['an Expires to come', 'sid=x; Expires=Thu, 01 Jan 2099 00:00:00 GMT'],
  ['a Max-Age that is no number', 'sid=x; Max-Age=abc'],
  ['a quoted Max-Age', 'sid=x; Max-Age="0"'],
  ['a Max-Age with a sign', 'sid=x; Max-Age=+0'],
  ['a Max-Age with a fraction', 'sid=x; Max-Age=0.0'],
  ['an empty Max-Age', 'sid=x; Max-Age='],
  ['a sign alone', 'sid=x; Max-Age=-'],
  ['an Expires of 0', 'sid=x; Expires=0'],
  ['an Expires of -1', 'sid=x; Expires=-1'],
  ['a day that is none', 'sid=x; Expires=Thu, 32 Jan 1970 00:00:00 GMT'],
  ['a day that February has not', 'sid=x; Expires=Mon, 30 Feb 1970 00:00:00 GMT'],
  ['an Expires of a year before 1601', 'sid=x; Expires=Thu, 01 Jan 1600 00:00:00 GMT'],
  ['no name', '=x; Max-Age=0'],
  ['no pair', 'sid; Max-Age=0'],
  ['nothing', ''],
  ['attributes alone', '; Max-Age=0'],
  ['a name of two words', 'the secret=x; Max-Age=0'],
  ['a name with markup', '<script>=x; Max-Age=0'],
  ['a name in quotes', '"sid"=x; Max-Age=0'],
  ['a name beyond ASCII', 'sïd=x; Max-Age=0'],
  ['a control character', 'sid=\u0001; Max-Age=0'],
  ['a line break', 'sid=; Max-Age=0; Path=/\r\nX-Evil: 1'],
  ['a path with a space', 'sid=; Max-Age=0; Path=/a secret of the origin'],
  ['a path with markup', 'sid=; Max-Age=0; Path=/<script>'],
  ['a path beyond ASCII', 'sid=; Max-Age=0; Path=/é'],
  ['a domain of two words', 'sid=; Max-Age=0; Domain=shop.example is secret'],
  ['a domain with a port', 'sid=; Max-Age=0; Domain=shop.example:443'],
  ['a domain that is a URL', 'sid=; Max-Age=0; Domain=https://shop.example/'],
  ['a list of domains', 'sid=; Max-Age=0; Domain=a.example,b.example'],
  ['a domain with an empty label', 'sid=; Max-Age=0; Domain=shop..example'],
  ['more than 2,000 characters', `sid=${'x'.repeat(1986)}; Max-Age=0`],
])('%s is no deletion', (_what, setCookie) => {
  expect(cookieDeletions([setCookie], now)).toEqual([]);
});

it('2,000 characters may be a deletion', () => {
  expect(cookieDeletions([`sid=${'x'.repeat(1985)}; Max-Age=0`], now)).toEqual(['sid=; Max-Age=0']);
});

it('at most 20 of them are written', () => {
  const many = Array.from({ length: 50 }, (_, i) => `c${i}=; Max-Age=0`);
  expect(cookieDeletions(['a=b', ...many], now)).toEqual(many.slice(0, 20));
});

it.each([
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['Thursday, 01-Jan-70 00:00:00 GMT', 0],
  ['Thu Jan  1 00:00:00 1970', 0],
  ['Thu, 1 Jan 70 0:0:0', 0],
  ['Sun, 06 Nov 1994 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
  ['Wed, 31 Dec 69 23:59:59 GMT', Date.UTC(2069, 11, 31, 23, 59, 59)],
  ['29 February 2024 12:00:00', Date.UTC(2024, 1, 29, 12)],
  ['12:00:00 2024 29 feb', Date.UTC(2024, 1, 29, 12)],
  ['Fri, 31-Dec-99 23:59:59 GMT', Date.UTC(1999, 11, 31, 23, 59, 59)],
  ['Mon, 01 Jan 1601 00:00:00 GMT', Date.UTC(1601, 0, 1)],
  ['Thu, 01 Jan 100 00:00:00 GMT', undefined],
  ['Thu, 01 Jan 1970 00:60:00 GMT', undefined],
  ['Thu, 01 Jan 1970 00:00:60 GMT', undefined],
  ['Thu, 01 Jan 1970 T00:00:00', undefined],
  ['1970-01-01T00:00:00Z', undefined],
  ['Thu, 01 Jan 1970', undefined],
  ['00:00:00', undefined],
  ['Thu, 01 Jan 1970 24:00:00 GMT', undefined],
  ['Thu, 01 Jan 19700 00:00:00 GMT', undefined],
  ['Thu, 00 Jan 1970 00:00:00 GMT', undefined],
])('the date %s', (text, date) => {
  expect(cookieDate(text)).toBe(date);
});

it('a date in each month', () => {
  for (let month = 0; month < 12; month++) {
    const date = new Date(Date.UTC(1971, month, 28));
    expect(cookieDate(date.toUTCString())).toBe(date.getTime());
  }
});

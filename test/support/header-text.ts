/** Header values for tests of properties. */
import fc from 'fast-check';

/** Any text that the Fetch standard allows in a header, and pieces that parsers stumble over. */
export const headerText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'text/html',
        'application/json',
        '*/*',
        '*',
        'de',
        'zh-Hant',
        ';q=',
        ';',
        ',',
        '"',
        '\\',
        '=',
      ),
      fc.double({ min: -2, max: 2 }).map(String),
      fc.string({ unit: 'binary-ascii' }).map((text) => text.replace(/[\0\r\n]/g, '')),
    ),
  )
  .map((parts) => parts.join(''));

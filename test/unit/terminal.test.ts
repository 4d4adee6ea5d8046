/** Output for a terminal: command lines that the user can type, and lines that fit. */
import { describe, expect, it } from 'vitest';
import { commandLine, installWrangler, screenOn, wrap } from '../../src/cli/terminal.ts';

describe('a line to type', () => {
  it.each([
    ['npm/11.19.1 node/v24.21.0 linux x64 workspaces/false', 'npx', 'npm install --save-dev'],
    ['pnpm/12.21.0 npm/? node/v24.21.0 linux x64', 'pnpm', 'pnpm add --save-dev'],
    ['yarn/1.22.22 npm/? node/v24.21.0 linux x64', 'yarn', 'yarn add --dev'],
    ['bun/1.4.5 npm/? node/v24.21.0 linux x64', 'bunx', 'bun add --dev'],
    ['', 'npx', 'npm install --save-dev'],
  ])('is one of %s', (agent, runner, install) => {
    const env = { npm_config_user_agent: agent };
    expect(commandLine('lookup', ['--since', '1h'], env)).toBe(
      `${runner} edge-error-interceptor lookup --since 1h`,
    );
    expect(installWrangler(env)).toBe(`${install} wrangler`);
  });

  it('gives each argument to the shell as one', () => {
    expect(commandLine('lookup', ["it's $HOME; rm"], {})).toBe(
      String.raw`npx edge-error-interceptor lookup 'it'\''s $HOME; rm'`,
    );
  });
});

describe('a long line', () => {
  it.each([
    ['one two three four', 'one two\nthree four'],
    ['  ✗ one two three', '  ✗ one\n    two\n    three'],
    ['aVeryLongWordThatStaysWhole and more', 'aVeryLongWordThatStaysWhole\nand more'],
    ['  npx edge-error-interceptor lookup ID', '  npx edge-error-interceptor lookup ID'],
    [
      '\u001b[31mone\u001b[39m two \u001b[1mthree\u001b[22m',
      '\u001b[31mone\u001b[39m two\n\u001b[1mthree\u001b[22m',
    ],
    ['short\nlines stay', 'short\nlines stay'],
  ])('%j is broken between words', (text, expected) => {
    expect(wrap(text, 10)).toBe(expected);
  });

  it('fits the terminal, else COLUMNS, else 80 characters', () => {
    const output = { write: () => {} };
    expect(screenOn({ ...output, columns: 50 }, { COLUMNS: '60' }).width).toBe(50);
    expect(screenOn(output, { COLUMNS: '60' }).width).toBe(60);
    expect(screenOn(output, {}).width).toBe(80);
  });
});

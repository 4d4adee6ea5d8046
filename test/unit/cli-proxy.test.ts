import { expect, test, vi } from 'vitest';
import { useProxy } from '../../src/cli/proxy.ts';

// A running Node before 24.14 cannot be given a proxy.
vi.mock('node:http', () => ({ default: {} }));

test.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY'])('a Node that cannot use %s names it', (name) => {
  const said: string[] = [];
  useProxy({ [name]: 'http://user:secret@proxy.example:3128' }, (text) => said.push(text))();
  expect(said).toEqual([expect.stringMatching(`^${name} is set, but Node v`)]);
  expect(said.join()).not.toContain('secret');
});

test('nothing is said where there is none, or where Node was told at its start', () => {
  const said: string[] = [];
  useProxy({ NO_PROXY: '*', HTTPS_PROXY: '' }, (text) => said.push(text))();
  useProxy({ HTTPS_PROXY: 'http://proxy.example', NODE_USE_ENV_PROXY: '1' }, (text) => said.push(text))();
  expect(said).toEqual([]);
});

import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languages } from '../../src/page/languages.ts';
import { languageTags } from '../support/sample-page.ts';

// The runtime knows fewer languages than Node. For some it has English words, for others only "+5 min".
const worker = `
  import { explanationOf } from './src/page/explanation.ts';
  import { languages } from './src/page/languages.ts';
  export default {
    async fetch(request) {
      const [language, retryAfter] = await request.json();
      return new Response(explanationOf({ language, texts: languages[language], retryAfter }));
    },
  };`;

let runtime: Miniflare;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: worker, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    write: false,
  });
  runtime = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-11-17',
      cf: false,
    }),
  );
});
afterAll(() => runtime.dispose());

describe.each(languageTags)('in the runtime, %s', (tag) => {
  it.each([
    [1, 'minute', 60],
    [5, 'minutes', 5 * 60],
    [5, 'hours', 5 * 60 * 60],
    [5, 'days', 5 * 24 * 60 * 60],
  ])('has words for %i %s', async (number, unit, seconds) => {
    const answer = await runtime.dispatchFetch('http://runtime/', {
      method: 'POST',
      body: JSON.stringify([tag, seconds]),
    });
    const { explanation, tryIn } = languages[tag];
    const [before = '', after = ''] = tryIn.split('{when}');
    const text = (await answer.text()).slice(explanation.length).trim();
    expect(text.startsWith(before) && text.endsWith(after)).toBe(true);
    const when = text.slice(before.length, after === '' ? undefined : -after.length);
    expect(when.replaceAll(/[^\p{L}]/gu, '').length, when).toBeGreaterThan(1);
    expect(when, `the runtime has no words for ${tag}: give its texts \`when\``).not.toMatch(/[+(]/);
    const lacking = `the runtime does not know ${tag}: give its texts \`when\``;
    if (tag !== 'en') expect(when, lacking).not.toBe(`in ${number} ${unit}`);
    if (number > 1) expect(when).toContain(number.toLocaleString(tag));
  });
});

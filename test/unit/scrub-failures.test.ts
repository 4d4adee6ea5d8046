import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scrubText } from '../../src/scrub/scrub.ts';

/** Error messages of real software. test/clients/capture/failures.ts writes them. */
interface Failure {
  readonly from: string;
  readonly text: string;
  /** The text that names the cause. */
  readonly stays: readonly string[];
  /** The made-up secrets that the software gives away. */
  readonly secret: readonly string[];
}

const failures = readFileSync(join(import.meta.dirname, 'corpus/failures.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Failure => JSON.parse(line));

describe('what real software says when it fails', () => {
  it('gives something away in most texts', () => {
    expect(failures.length).toBeGreaterThan(25);
    expect(failures.filter(({ secret }) => secret.length > 0).length).toBeGreaterThan(15);
  });

  it.each(failures)('$from: the cause is in the log, and no secret', ({ text, stays, secret }) => {
    const scrubbed = scrubText(text, 8192);
    for (const cause of stays) expect(scrubbed).toContain(cause);
    expect(
      secret.filter((value) => scrubbed.includes(value)),
      scrubbed,
    ).toEqual([]);
  });
});

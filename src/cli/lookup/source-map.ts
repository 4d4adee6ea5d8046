/** Turns the places of a stack, which are positions in the bundle, into files and lines of the source. */
import { UsageError } from '../command.ts';
import { readFile, stat } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt } from '../../untrusted.ts';

/** Rewrites a stack. Places that the source map does not have stay as they are. */
export type NameSources = (stack: string) => string;

// `at name (index.js:12:34)`, `at index.js:12:34`, `at file:///bundle/index.js:12:34`.
const PLACE = /(?<=[\s(])([^\s()]{1,1000}\.m?js):([1-9]\d{0,6}):([1-9]\d{0,6})(?=\)?$)/gm;
// wrangler dev runs the bundle from here, and writes the map beside it.
const LOCAL_BUNDLE = /file:\/\/\/[^\s()]{0,1000}\/\.wrangler\/tmp\/[^\s()]{1,1000}\.m?js/;

/** Reads the source map in a file. Throws UsageError if the file cannot be read or is no source map. */
export async function readSourceMap(file: string): Promise<NameSources> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--source-map ${file} cannot be read: ${String(error)}`);
  });
  const map = attempt(() => new SourceMap(JSON.parse(text)));
  if (map?.payload.version !== 3) throw new UsageError(`${file} is no source map.`);
  return (stack) =>
    stack.replace(PLACE, (place, _, row: string, column: string) => {
      // A stack counts from 1, a source map from 0.
      const entry = map.findEntry(Number(row) - 1, Number(column) - 1);
      if (!('originalSource' in entry) || entry.generatedLine !== Number(row) - 1) return place;
      const source = relative('', resolve(dirname(file), entry.originalSource));
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
}

/**
 * Rewrites a stack of wrangler dev by the source map beside its bundle.
 * @param time when the stack was logged, in milliseconds since 1970
 * @returns undefined if that bundle is gone: wrangler dev has ended, or has built a new one since
 */
export async function nameLocalSources(stack: string, time: number): Promise<string | undefined> {
  const [bundle] = LOCAL_BUNDLE.exec(stack) ?? [];
  if (bundle === undefined) return stack;
  const file = `${attempt(() => fileURLToPath(bundle)) ?? ''}.map`;
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
  return mtimeMs > time ? undefined : (await readSourceMap(file))(stack);
}

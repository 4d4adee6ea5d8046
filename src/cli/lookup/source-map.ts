/** Turns the places of a stack, which are positions in the bundle, into files and lines of the source. */
import { UsageError } from '../command.ts';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { attempt } from '../../untrusted.ts';

/** Rewrites a stack. Places that the source map does not have stay as they are. */
export type NameSources = (stack: string) => string;

// `at name (index.js:12:34)`, `at index.js:12:34`, `at file:///bundle/index.js:12:34`.
const PLACE = /(?<=[\s(])([^\s()]{1,1000}\.m?js):([1-9]\d{0,6}):([1-9]\d{0,6})\)?$/;

/**
 * Reads the source map in a file.
 * @throws UsageError if the file cannot be read or is not a source map
 */
export async function readSourceMap(file: string): Promise<NameSources> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--source-map ${file} cannot be read: ${String(error)}`);
  });
  const map = attempt(() => new TraceMap(text));
  if (map === undefined || map.version !== 3) throw new UsageError(`${file} is no source map.`);
  return namesFrom(map, resolve(dirname(file)));
}

/** @param folder the folder of the map: the map's sources are relative to it */
function namesFrom(map: TraceMap, folder: string): NameSources {
  return (stack) => stack.split('\n').map(inSource).join('\n');

  function inSource(line: string): string {
    const [, file, row, column] = PLACE.exec(line) ?? [];
    if (file === undefined) return line;
    // A stack counts columns from 1, a source map from 0.
    const original = originalPositionFor(map, {
      line: Number(row),
      column: Math.max(0, Number(column) - 1),
    });
    if (original.source === null) return line;
    const source = relative('', resolve(folder, original.source));
    const place = `${source}:${original.line}:${original.column + 1}`;
    return line.replace(`${file}:${row}:${column}`, () => place);
  }
}

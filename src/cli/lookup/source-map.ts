/** The places of a stack, from positions in the bundle to files and lines of the source. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { EXIT, LookupFailure } from './exit.ts';
import { recordFact, textFact, type JsonObject } from './log-line.ts';
import { attempt } from '../../untrusted.ts';

/** Rewrites a stack; what is in no source map stays as it is. */
export type NameSources = (stack: string) => string;

/** The file in the folder of a build in which wrangler notes its deployment. */
export const DEPLOYMENTS = 'deployed.ndjson';

const BUILD = 'dist';
// `at name (index.js:12:34)`, `at index.js:12:34`, `at file:///bundle/index.js:12:34`.
const PLACE = /(?<=[\s(])([^\s()]{1,1000}\.m?js):([1-9]\d{0,6}):([1-9]\d{0,6})\)?$/;

/**
 * The source map in a file.
 * @throws LookupFailure (exit code 2) where it is none
 */
export async function readSourceMap(file: string): Promise<NameSources> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LookupFailure(EXIT.usage, `--source-map ${file} cannot be read: ${String(error)}`);
  });
  const map = attempt(() => new TraceMap(text));
  if (map === undefined || map.version !== 3)
    throw new LookupFailure(EXIT.usage, `${file} is no source map.`);
  return namesFrom(map, resolve(dirname(file)));
}

/** What is known of the places of a record's stack in the source, without a map having been given. */
export interface OwnSources {
  readonly inSource?: NameSources;
  /** Why there is none, where a build is there. */
  readonly why?: string;
}

/**
 * The source map of the build in a folder, where it is of the version of the Worker that wrote this record.
 * `npm run deploy` leaves the build there, and has wrangler note the version (`WRANGLER_OUTPUT_FILE_PATH`).
 */
export async function ownSourceMap(folder: string, record: JsonObject): Promise<OwnSources> {
  const build = join(folder, BUILD);
  const [name, ...others] = (await readdir(build).catch(() => [])).filter((file) =>
    /\.m?js\.map$/.test(file),
  );
  // Of several, nobody can tell which one ran.
  if (name === undefined || others.length > 0) return {};
  const map = `${BUILD}/${name}`;
  const deployed = lastDeployment(await readFile(join(build, DEPLOYMENTS), 'utf8').catch(() => ''));
  if (deployed === undefined) return { why: `no deployment is noted of ${map}` };
  const version = recordFact(record, 'cloudflare.script_version.id') ?? 'an unknown one';
  if (deployed.version !== version) {
    return { why: `${map} is of version ${deployed.version}, this failure of ${version}` };
  }
  // wrangler builds, uploads, and then notes it.
  if ((await stat(join(build, name))).mtimeMs > deployed.time) {
    return { why: `${map} is of a build after version ${version} was deployed` };
  }
  return readSourceMap(join(build, name)).then(
    (inSource) => ({ inSource }),
    () => ({ why: `${map} cannot be read` }),
  );
}

/** Each deployment has written over the build of the one before. */
function lastDeployment(log: string): { readonly version: string; readonly time: number } | undefined {
  return log
    .split('\n')
    .map((line) => {
      const entry = attempt((): unknown => JSON.parse(line));
      const version = textFact(entry, 'version_id');
      const time = Date.parse(textFact(entry, 'timestamp') ?? '');
      return version === undefined || Number.isNaN(time) ? undefined : { version, time };
    })
    .findLast((deployment) => deployment !== undefined);
}

/** @param folder where the map is: its sources are relative to it */
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

/** Colours, where they are wanted. */
import { styleText } from 'node:util';
import type { Surroundings } from '../command.ts';

/** How to set off parts of a text; the identity where the output is no terminal. */
export interface Paint {
  readonly alarm: (text: string) => string;
  readonly heading: (text: string) => string;
  readonly aside: (text: string) => string;
}

/** No colours. */
const plain: Paint = { alarm: String, heading: String, aside: String };

/** Colours on a terminal, unless `NO_COLOR` is set (https://no-color.org); elsewhere only with `FORCE_COLOR`. */
export function paintFor({ env, stdout }: Surroundings): Paint {
  const forced = env['FORCE_COLOR'];
  const wanted =
    forced !== undefined && forced !== ''
      ? forced !== '0' && forced !== 'false'
      : stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  if (!wanted) return plain;
  // Decided above, and not for process.stdout alone.
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(format, text, { validateStream: false });
  return { alarm: style(['bold', 'red']), heading: style('bold'), aside: style('dim') };
}

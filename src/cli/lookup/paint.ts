/** Colours, where they are wanted. */
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
  const style = (on: string, off: string) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;
  return { alarm: style('1;31', '22;39'), heading: style('1', '22'), aside: style('2', '22') };
}

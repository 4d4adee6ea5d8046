/** Measures growth of memory: resident memory after 10,000 requests and after 100,000. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPlainWorkerd } from '../support/plain-workerd.ts';
import { type Contender, vars } from './contenders.ts';
import { load } from './load.ts';
import { residentMegabytes } from './measure.ts';
import { mixedScript } from './work.ts';

/** The memory of one contender in MB, after this many requests, good answers and error pages in turn. */
export interface Growth {
  readonly contender: string;
  readonly early: { readonly requests: number; readonly megabytes: number };
  readonly late: { readonly requests: number; readonly megabytes: number };
}

/** Measures the floor and the product, one after the other. */
export async function growth(
  contenders: readonly Contender[],
  route: string,
  folder: string,
): Promise<Growth[]> {
  const script = join(folder, 'mixed.lua');
  await writeFile(script, mixedScript);
  const found: Growth[] = [];
  for (const { name, bundle } of contenders.filter(({ name }) => /^(bare fetch|this product)$/.test(name))) {
    const worker = await startPlainWorkerd({ bundle, vars, route, collectLogs: false });
    try {
      let requests = 0;
      const until = async (least: number) => {
        while (requests < least) {
          const result = await load({ url: worker.url, headers: {}, script, seconds: 1 });
          requests += result.requests;
        }
        return { requests, megabytes: await residentMegabytes(worker.pid) };
      };
      found.push({ contender: name, early: await until(10_000), late: await until(100_000) });
    } finally {
      await worker.stop();
    }
  }
  return found;
}

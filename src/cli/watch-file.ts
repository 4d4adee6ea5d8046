/** Notices when somebody saves a file. */
import { watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/**
 * Calls a function each time the file is saved.
 * @returns a function that ends the watch
 */
export function watchFile(path: string, onSave: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  // Watch the folder, and wait a little: an editor may replace the file, and in several steps.
  const watcher = watch(dirname(resolve(path)), (_, name) => {
    if (name !== null && name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(onSave, 100);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

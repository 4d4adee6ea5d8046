/** Reading values that others made: settings, thrown values, header texts. */

/** A property of anything. A getter or Proxy that throws counts as undefined. */
export function property(holder: unknown, name: string): unknown {
  if ((typeof holder !== 'object' || holder === null) && typeof holder !== 'function') return undefined;
  return attempt(() => Reflect.get(holder, name));
}

/** A property that is a text, else the empty text. */
export function textProperty(holder: unknown, name: string): string {
  const value = property(holder, name);
  return typeof value === 'string' ? value : '';
}

/** What `read` returns, or undefined where it throws. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The name of a thrown value's kind: an Error's name, a class's, or the type of a primitive. Never throws. */
export function nameOfThrown(exception: unknown): string {
  if (exception === null) return 'null';
  return (
    textProperty(exception, 'name') ||
    textProperty(property(exception, 'constructor'), 'name') ||
    typeof exception
  );
}

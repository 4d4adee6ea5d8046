/** Reads values that others made, such as settings, thrown values and header texts. */

/** A property of any value. A getter or Proxy that throws counts as undefined. */
export function property(holder: unknown, name: string): unknown {
  if ((typeof holder !== 'object' || holder === null) && typeof holder !== 'function') return undefined;
  return attempt(() => Reflect.get(holder, name));
}

/** The property if it is a text, else the empty text. Never throws. */
export function textProperty(holder: unknown, name: string): string {
  const value = property(holder, name);
  return typeof value === 'string' ? value : '';
}

/** The value that `read` returns, or undefined if it throws. */
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

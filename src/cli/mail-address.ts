/** Recognises a mail address in a setting that needs a link. */

const ADDRESS = /^[^\s@:/?#<>"&]{1,64}@[^\s@:/?#<>"&]{1,253}\.[^\s@:/?#<>"&.]{2,63}$/;

/**
 * The end of a sentence that suggests the link.
 * @returns the empty text if the value is no mail address
 */
export function suggestMailto(value: string): string {
  return ADDRESS.test(value) ? `; did you mean mailto:${value}?` : '';
}

/** Finds markup that the page's Content-Security-Policy (see src/page/create-page.ts) would refuse. */

// Attributes whose value the browser fetches, and the elements in which a data: URL may be an image.
const FETCHED = new Set([
  'src',
  'srcset',
  'imagesrcset',
  'poster',
  'data',
  'background',
  'xlink:href',
  'ping',
]);
const FETCHED_HREF = new Set(['link', 'image', 'feimage', 'use']);
const FETCHED_LINK = new Set(['stylesheet', 'icon', 'preload', 'modulepreload', 'prefetch', 'manifest']);
const NO_IMAGE = new Set(['iframe', 'object', 'embed', 'audio', 'track', 'use', 'script', 'a', 'area']);
const NAVIGATED = new Set(['href', 'xlink:href', 'src', 'data', 'action', 'formaction']);

/**
 * Examines an element.
 * @param tag its name, in lower case
 * @param name the attribute to examine; undefined for the element itself
 * @param attributes all its attributes, with the values that a browser reads
 * @returns the forbidden parts. Each text continues a sentence that begins with the file's name
 */
export function forbiddenInElement(
  tag: string,
  name: string | undefined,
  attributes: ReadonlyMap<string, string>,
): string[] {
  const found = name === undefined ? inTag(tag, attributes) : inAttribute(tag, name, attributes);
  return found.map(forbidden);
}

function forbidden(what: string): string {
  return `${what}, which the Content-Security-Policy forbids`;
}

function inTag(tag: string, attributes: ReadonlyMap<string, string>): string[] {
  if (tag === 'form' || attributes.has('formaction')) return ['has a form'];
  return tag === 'base' ? ['has a <base> element'] : [];
}

function inAttribute(tag: string, name: string, attributes: ReadonlyMap<string, string>): string[] {
  const value = attributes.get(name) ?? '';
  if (name === 'style') return [`has a style attribute (<${tag} style>)`];
  if (/^on[a-z]+$/.test(name)) return [`has an event handler attribute (<${tag} ${name}>)`];
  if (NAVIGATED.has(name) && isScript(value)) return [`has a javascript: URL (<${tag} ${name}>)`];
  return isFetched(tag, name, attributes) && !isEmbedded(tag, name, value)
    ? [`loads ${value.slice(0, 80)} (<${tag} ${name}>; images can be put in as data: URLs)`]
    : [];
}

/** True for a `javascript:` URL. Tabs and line breaks do not count: https://url.spec.whatwg.org/#concept-basic-url-parser */
function isScript(url: string): boolean {
  return /^javascript:/i.test(url.replace(/[\t\n\r]/g, ''));
}

function isFetched(tag: string, name: string, attributes: ReadonlyMap<string, string>): boolean {
  if (FETCHED.has(name)) return true;
  if (name !== 'href' || !FETCHED_HREF.has(tag)) return false;
  const relations = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
  return tag !== 'link' || relations.some((relation) => FETCHED_LINK.has(relation));
}

/** True if a value needs no request: it is empty, a fragment, or images as data: URLs. */
function isEmbedded(tag: string, name: string, value: string): boolean {
  if (value === '' || value.startsWith('#')) return true;
  if (NO_IMAGE.has(tag) || (name === 'src' && ['video', 'source'].includes(tag))) return false;
  const urls = name.endsWith('srcset') ? value.split(/,\s+/) : [value];
  return urls.every((url) => /^data:/i.test(url));
}

/**
 * Examines the content of a `<style>`.
 * @returns the forbidden parts, and the index of their first character
 */
export function forbiddenInStyle(style: string): { offset: number; problem: string }[] {
  const css = style.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const imports = [...css.matchAll(/@import\b/gi)].map(({ index }) => ({
    offset: index,
    problem: forbidden('loads a style sheet (@import)'),
  }));
  const urls = [...css.matchAll(/\b(?:url|image-set)\(\s*["']?(?!url\()([^"')]*)/gi)]
    .filter(([, url = '']) => !/^(?:#|data:image\/)/i.test(url))
    .map(({ index, 1: url = '' }) => ({
      offset: index,
      problem: forbidden(`loads ${url.slice(0, 80)} (url() in <style>; images can be put in as data: URLs)`),
    }));
  return [...imports, ...urls];
}
